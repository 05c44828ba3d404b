/**
 * Which rule of which standard is kept by which class and shown by which test. The tests of all
 * modules say so with {@link org.jamessts.testing.Rule}; this package reads it from their class
 * files, holds it against the list of rules, and makes {@code docs/rfc-map.md} of it. It stands in
 * the last module, which sees the tests of all others.
 */
@NullMarked
package org.jamessts.rfcmap;

import org.jspecify.annotations.NullMarked;
