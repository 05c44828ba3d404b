/**
 * The decision for which the rest exists: may this mail leave on this channel? {@link
 * org.jamessts.decide.HostRequirements} turns what is known of a domain and of one of its MX hosts
 * into a {@link org.jamessts.decide.TlsRequirement}; the requirement then judges the host before it
 * is contacted and each channel before an octet of mail leaves, and answers with a {@link
 * org.jamessts.decide.Verdict}.
 *
 * <p>There is a requirement for each source of a promise: {@link
 * org.jamessts.decide.DaneRequirement} for RFC 7672, {@link org.jamessts.decide.StsRequirement} for
 * RFC 8461, {@link org.jamessts.decide.DraftRequirement} for the draft of 2016, {@link
 * org.jamessts.decide.MinimumRequirement} for the operator, {@link
 * org.jamessts.decide.Opportunistic} where there is none, and {@link org.jamessts.decide.AllOf}
 * where there are several. Where the operator has taken enforcement back, {@link
 * org.jamessts.decide.ReportOnly} finds what they find and stops nothing.
 *
 * <p>Everything here is a pure function of values: no clock, no I/O, no logger. So each rule of RFC
 * 7672 §2, and of RFC 8461 §4 and §5, is a row in a table of tests, and a channel that is used
 * again is judged again at no cost.
 */
@NullMarked
package org.jamessts.decide;

import org.jspecify.annotations.NullMarked;
