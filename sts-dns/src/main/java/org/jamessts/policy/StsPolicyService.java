package org.jamessts.policy;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

  private static final int MAX_FAILURES = 10_000;

  private final UsedDomains used = new UsedDomains();

  /** What went wrong last with each domain, for the operator. */
  private final Map<DomainName, LookupFailure> failures = new BoundedMap<>(MAX_FAILURES);

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
    found.lookup().failure().ifPresent(failure -> note(domain, failure));
    return found.lookup();
  }

  private void note(DomainName domain, PolicyFailure failure) {
    synchronized (failures) {
      // Removed first, since to replace a value would leave it at its old place in the order.
      failures.remove(domain);
      failures.put(domain, new LookupFailure(clock.instant(), failure));
    }
  }

  /**
   * What went wrong last when a domain's policy was looked up or fetched, on this server since its
   * start; of the last 10,000 such domains.
   */
  public Optional<LookupFailure> lastFailure(DomainName domain) {
    synchronized (failures) {
      return Optional.ofNullable(failures.get(domain));
    }
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
      Optional<PolicyFailure> failure = published.refresh(policy);
      failure.ifPresent(cause -> note(policy.domain(), cause));
      return failure;
    } finally {
      remembered.forget(policy.domain());
    }
  }

  /**
   * Fetches what a domain publishes, whatever its TXT record says of what is kept: for an operator
   * who wants to see it. What failed less than five minutes ago is not fetched again (RFC 8461
   * §3.3).
   *
   * @return what stood in the way, or why there is no policy; nothing where one was fetched
   */
  public Optional<String> fetchNow(DomainName domain) throws InterruptedException {
    List<KnownPolicy> kept = holding(domain).stream().filter(policy -> !ignores(policy)).toList();
    if (kept.isEmpty()) {
      PolicyLookup lookup = recheck(domain).published();
      Optional<String> none =
          lookup instanceof PolicyLookup.None absent
              ? Optional.of(absent.reason())
              : Optional.empty();
      return lookup.failure().map(PolicyFailure::detail).or(() -> none);
    }
    Optional<PolicyFailure> failure = Optional.empty();
    for (KnownPolicy policy : kept) {
      Optional<PolicyFailure> next = refresh(policy);
      failure = failure.or(() -> next);
    }
    return failure.map(PolicyFailure::detail);
  }

  private List<KnownPolicy> holding(DomainName domain) {
    Instant now = clock.instant();
    return Arrays.stream(Slot.values())
        .flatMap(slot -> store.get(slot, domain).stream())
        .filter(policy -> policy.holdsAt(now))
        .toList();
  }

  /**
   * Forgets what is kept of a domain, though it may hold for long: an operator's command. The next
   * mail begins anew.
   *
   * @return how many policies; nothing when the store fails, so that they may still be there
   */
  public Optional<Integer> forget(DomainName domain) {
    int count = 0;
    boolean forgotten = store.canTell();
    for (Slot slot : Slot.values()) {
      Optional<KnownPolicy> kept = store.get(slot, domain);
      forgotten &= kept.map(store::remove).orElse(true);
      count += kept.isPresent() ? 1 : 0;
    }
    remembered.forget(domain);
    return forgotten ? Optional.of(count) : Optional.empty();
  }

  /**
   * The same for all domains.
   *
   * @return likewise
   */
  public Optional<Long> forgetAll() {
    Optional<Long> count = store.removeAll(clock.instant());
    remembered.forgetAll();
    return count;
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
