package org.jamessts.policy;

import java.time.Clock;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;

/**
 * What the policy service stands on.
 *
 * @param resolver asks for the TXT records, and bounds how often by their TTL
 * @param fetcher fetches policies
 * @param store keeps them
 * @param alarms keeps what the operator should look at
 * @param preloads policies that count as seen before
 * @param clock tells when policies were fetched and when they expire
 * @param guards all of them, but for tests
 */
public record PolicyParts(
    Resolver resolver,
    PolicyFetcher fetcher,
    PolicyStore store,
    AlarmLog alarms,
    Preloads preloads,
    Clock clock,
    Guards guards) {

  /**
   * The same for a look at what holds, which changes nothing: what is found is kept nowhere, and
   * nobody is alarmed.
   *
   * @param watchedResolver asks in place of the resolver
   * @param watchedFetcher fetches in place of the fetcher
   */
  public PolicyParts forALook(Resolver watchedResolver, PolicyFetcher watchedFetcher) {
    return new PolicyParts(
        watchedResolver,
        watchedFetcher,
        new UnwrittenPolicies(store),
        AlarmLog.NONE,
        preloads,
        clock,
        guards);
  }
}
