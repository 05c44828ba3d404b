/**
 * What a domain promises about transport security, from whichever source. {@link
 * org.jamessts.policy.PolicyService} is what the delivery side asks; {@link
 * org.jamessts.policy.StsPolicyService} answers from memory what was found a short while ago, and
 * else has it looked up:
 *
 * <ul>
 *   <li>{@code MtaStsSource} follows RFC 8461 §5.1, {@code DraftSource} the draft of March 2016.
 *       Both stand on the same ports: the {@link org.jamessts.dns.Resolver} for TXT records, a
 *       {@link org.jamessts.policy.PolicyFetcher} for policy hosts, and a {@link
 *       org.jamessts.policy.PolicyStore} that keeps a policy until it expires and never forgets it
 *       because something else failed.
 *   <li>{@code PublishedPolicies} puts them in order, MTA-STS first, and lets mail wait for a
 *       lookup only so long.
 *   <li>{@link org.jamessts.policy.PolicyRefresher} fetches what is in use before it expires, by a
 *       {@link org.jamessts.policy.RefreshSchedule} that lives in the store.
 *   <li>{@code Downgrades} tells the operator, through an {@link org.jamessts.policy.AlarmLog},
 *       when a policy became less.
 * </ul>
 *
 * <p>The answer is a {@link org.jamessts.policy.DomainPolicy}: what is published, as a {@link
 * org.jamessts.policy.PolicyLookup}, and what the operator says beside it.
 */
@NullMarked
package org.jamessts.policy;

import org.jspecify.annotations.NullMarked;
