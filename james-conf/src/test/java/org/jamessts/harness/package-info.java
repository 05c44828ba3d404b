/** Tests of the harness itself: a tool that tests rely on must fail when it should. */
@NullMarked
package org.jamessts.harness;

import org.jspecify.annotations.NullMarked;
