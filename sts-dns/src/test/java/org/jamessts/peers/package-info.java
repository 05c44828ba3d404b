/**
 * What other implementations make of the same: tests that need programs from elsewhere. They are
 * tagged {@code peers}, run in the Maven profile of that name, and are skipped where the program is
 * not installed.
 */
@NullMarked
package org.jamessts.peers;

import org.jspecify.annotations.NullMarked;
