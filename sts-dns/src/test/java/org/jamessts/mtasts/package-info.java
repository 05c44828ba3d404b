/** The conformance tables of RFC 8461 §3.1, §3.2 and §4.1: one row, one rule. */
@NullMarked
package org.jamessts.mtasts;

import org.jspecify.annotations.NullMarked;
