package org.jamessts.policy;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.override.Overrides;

/**
 * The policies of domains, for mail: what was found a short while ago from memory, everything else
 * from {@link PublishedPolicies}; and beside it what the operator says.
 */
public final class StsPolicyService implements PolicyService, AutoCloseable {

  private final PublishedPolicies published;
  private final RememberedLookups remembered;

  /** Nothing is asked, so mail goes on where there is no DNS at all. */
  private static final PolicyLookup OF_ADDRESS =
      new PolicyLookup.None("an address has no policy (RFC 8461 §3.4)", Optional.empty());

  private static final PolicyLookup UNASKED =
      new PolicyLookup.None("enforcement is off", Optional.empty());

  private final UsedDomains used = new UsedDomains();
  private final PolicyStore store;
  private final Overrides overrides;
  private final PolicySettings settings;
  private final Clock clock;

  /**
   * A service.
   *
   * @param parts what it stands on
   * @param overrides what the operator says of domains
   * @param settings how policies are looked up
   */
  public StsPolicyService(PolicyParts parts, Overrides overrides, PolicySettings settings) {
    this(parts, overrides, settings, PolicyChanges.UNHEARD);
  }

  /**
   * The same.
   *
   * @param changes is told of other policies
   */
  public StsPolicyService(
      PolicyParts parts, Overrides overrides, PolicySettings settings, PolicyChanges changes) {
    this.clock = parts.clock();
    this.store = parts.store();
    this.overrides = overrides;
    this.settings = settings;
    KeptPolicies kept =
        new KeptPolicies(
            parts.store(), new Downgrades(parts.alarms(), clock), changes, clock, parts.guards());
    Fetching fetching = new Fetching(clock);
    this.published =
        new PublishedPolicies(
            new MtaStsSource(parts, kept, fetching, settings),
            new DraftSource(parts, kept, fetching, settings),
            settings);
    this.remembered = new RememberedLookups(settings.remembered(), used);
  }

  @Override
  public DomainPolicy lookup(DomainName policyDomain) {
    Instant now = clock.instant();
    PolicyLookup lookup =
        remembered
            .get(policyDomain, now)
            .orElseGet(() -> found(policyDomain, PublishedPolicies::lookup));
    return new DomainPolicy(policyDomain, lookup, overrides.find(policyDomain, now));
  }

  @Override
  public DomainPolicy unasked(DomainName policyDomain) {
    // What is kept of it is to be fresh when it counts again.
    used.add(policyDomain);
    return new DomainPolicy(policyDomain, UNASKED, overrides.find(policyDomain, clock.instant()));
  }

  @Override
  public DomainPolicy recheck(DomainName policyDomain) {
    PolicyLookup lookup = found(policyDomain, PublishedPolicies::recheck);
    return new DomainPolicy(policyDomain, lookup, overrides.find(policyDomain, clock.instant()));
  }

  @FunctionalInterface
  private interface Question {
    TimedLookup ask(PublishedPolicies published, DomainName domain);
  }

  private PolicyLookup found(DomainName domain, Question question) {
    if (domain.isOfAddress()) {
      return OF_ADDRESS;
    }
    int ticket = remembered.ticket(domain);
    TimedLookup found = question.ask(published, domain);
    // While the store cannot tell, that nothing was found means nothing.
    boolean sure = store.canTell() || !found.lookup().policies().isEmpty();
    remembered.put(
        domain, sure ? found : TimedLookup.notKept(found.lookup()), clock.instant(), ticket);
    return found.lookup();
  }

  @Override
  public void confirm(KnownDraftPolicy candidate) {
    published.confirm(candidate);
    remembered.forget(candidate.domain());
  }

  /**
   * Fetches a kept policy again, so that its lifetime begins anew.
   *
   * @return why that failed, or nothing
   */
  Optional<PolicyFailure> refresh(KnownPolicy policy) throws InterruptedException {
    try {
      return published.refresh(policy);
    } finally {
      remembered.forget(policy.domain());
    }
  }

  /** How many lookups memory can answer, about. */
  public long remembered() {
    return remembered.size();
  }

  /** Whether the settings have no use for a policy. */
  boolean ignores(KnownPolicy policy) {
    return policy instanceof KnownDraftPolicy && settings.draft() == PolicySettings.Draft.OFF;
  }

  UsedDomains usedDomains() {
    return used;
  }

  @Override
  public void close() {
    published.close();
  }
}
