/**
 * What a domain promises about transport security, from whichever source. {@link
 * org.jamessts.policy.PolicyService} is what the delivery side asks; it finds, fetches and keeps
 * policies, and never forgets one that has not expired because something else failed.
 *
 * <p>For MTA-STS that is {@link org.jamessts.policy.MtaStsPolicyService}, which follows the flow of
 * RFC 8461 §5.1 over three ports: the {@link org.jamessts.dns.Resolver} for the TXT record (§3.1),
 * a {@link org.jamessts.policy.PolicyFetcher} for the policy host (§3.3), and a {@link
 * org.jamessts.policy.PolicyStore} that keeps what was fetched until it expires.
 */
@NullMarked
package org.jamessts.policy;

import org.jspecify.annotations.NullMarked;
