/**
 * The operator's word about domains, beside what the domains publish themselves. An {@link
 * org.jamessts.override.DomainOverride} is about one domain, or about everything below one, and
 * says some of three things:
 *
 * <ul>
 *   <li>A <b>minimum</b>, {@link org.jamessts.override.Minimum}: mail leaves only over TLS, or only
 *       over TLS with a certificate that verifies or that DANE vouches for, even where the domain
 *       asks for nothing.
 *   <li>A <b>static policy</b>: an MTA-STS policy as if the domain had published it.
 *   <li>An <b>exemption</b> from some kinds of failure, {@link org.jamessts.override.FailureKind}:
 *       what is found of such a kind is reported as ever and does not stop mail.
 * </ul>
 *
 * <p>Minimum and static policy only ever raise: they hold besides what the domain does publish, not
 * in its place. An exemption is the one thing here that lowers a protection, so it must say when it
 * ends. Past its {@code until}, an override says nothing. Of several overrides that match a domain,
 * all that they demand holds together; but only the most specific one may exempt, and it exempts
 * from what the others demand too.
 *
 * <p>In JSON, {@code domain} is needed and all else may be left out, as long as something is said:
 *
 * <pre>
 * {"domain": "*.example.com",
 *  "minimum": "verified",
 *  "policy": {"mode": "enforce", "mx": ["mx.example.com", "*.example.net"]},
 *  "exempt": ["certificate-expired"],
 *  "until": "2026-12-01T00:00:00Z",
 *  "comment": "they renew it this week"}
 * </pre>
 *
 * <p>Overrides stand in a file, {@code {"overrides": [...]}}, or in an {@link
 * org.jamessts.override.OverrideStore} that several servers share and that is changed while they
 * run; of two for the same pattern, the stored one counts as the more specific. {@link
 * org.jamessts.override.Overrides} knows both and answers from memory.
 */
@NullMarked
package org.jamessts.override;

import org.jspecify.annotations.NullMarked;
