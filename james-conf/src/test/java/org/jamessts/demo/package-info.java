/**
 * The demo, tested: that its table is right against a real James, and that it would not be if a
 * mail went astray.
 */
@NullMarked
package org.jamessts.demo;

import org.jspecify.annotations.NullMarked;
