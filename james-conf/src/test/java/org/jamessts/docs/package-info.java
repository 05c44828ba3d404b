/**
 * The documentation against what it speaks of: links and named tests are there, and the commands of
 * {@code docs/operate.md} do at a real James what the page says. The settings are held against
 * {@code docs/configure.md} in the module that reads them.
 */
@NullMarked
package org.jamessts.docs;

import org.jspecify.annotations.NullMarked;
