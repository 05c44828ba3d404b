/**
 * The switch by which an operator takes enforcement back when it does harm: an authority that
 * everybody trusts is missing here, DNSSEC is broken at the root, or we have a bug. {@link
 * org.jamessts.enforcement.Enforcement} has three values. It is about what <em>domains</em>
 * publish: MTA-STS (RFC 8461), the draft of 2016 and DANE (RFC 7672). What the operator himself
 * demands of a domain, in an override, goes on to hold, and so does what his credentials for a
 * gateway need.
 *
 * <p>{@link org.jamessts.enforcement.EnforcementSwitch} answers from memory. An {@link
 * org.jamessts.enforcement.EnforcementOrder}, given while servers run and kept in an {@link
 * org.jamessts.enforcement.EnforcementStore}, goes before the setting; it may end by itself.
 */
@NullMarked
package org.jamessts.enforcement;

import org.jspecify.annotations.NullMarked;
