/** Bounded daemon threads. */
@NullMarked
package org.jamessts.threads;

import org.jspecify.annotations.NullMarked;
