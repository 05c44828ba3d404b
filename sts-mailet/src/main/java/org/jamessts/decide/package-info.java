/**
 * The decision for which the rest exists: may this mail leave on this channel? {@link
 * org.jamessts.decide.TlsRequirement#of} turns what is known of a domain into a {@link
 * org.jamessts.decide.TlsRequirement}; the requirement then judges each MX host before it is
 * contacted and each channel before an octet of mail leaves, and answers with a {@link
 * org.jamessts.decide.Verdict}.
 *
 * <p>Everything here is a pure function of values: no clock, no I/O, no logger. So each rule of RFC
 * 8461 §4 and §5 is a row in a table of tests, and a channel that is used again is judged again at
 * no cost.
 */
@NullMarked
package org.jamessts.decide;

import org.jspecify.annotations.NullMarked;
