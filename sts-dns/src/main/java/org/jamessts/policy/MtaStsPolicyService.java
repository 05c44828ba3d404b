package org.jamessts.policy;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.mtasts.StsRecord;
import org.jamessts.mtasts.StsRecordChoice;
import org.jamessts.policy.PolicyFailure.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, fetches and keeps MTA-STS policies (RFC 8461 §3, §5.1). The TXT record is a hint that
 * anybody on the path may forge; the policy host is authenticated. So the record decides when to
 * fetch, and only a fetched policy decides anything else:
 *
 * <ul>
 *   <li>A kept policy whose {@code id} the record repeats is used as it is. That does not prolong
 *       it: only a fetch does.
 *   <li>Another {@code id}, or an expired policy, leads to a fetch. When it fails, a kept policy
 *       that has not expired holds on, and the same {@code id} is left alone for five minutes.
 *   <li>A record that vanished, is invalid or cannot be looked up takes nothing away.
 *   <li>With nothing kept and nothing to be had, mail goes on as if there were no policy.
 * </ul>
 *
 * <p>A freshly fetched policy is the answer to the lookup that fetched it even with {@code max_age:
 * 0}, since it was true a moment ago; the next lookup fetches again.
 */
public final class MtaStsPolicyService implements PolicyService {

  private static final Logger LOG = LoggerFactory.getLogger(MtaStsPolicyService.class);
  private static final String LABEL = "_mta-sts";

  /**
   * What the service allows itself.
   *
   * @param backOff from a failed fetch to the next for the same {@code id}
   * @param patience how long a lookup waits for an equal one that came before it; longer than a
   *     fetch and the DNS before it may take
   * @param failures how many failed fetches are remembered
   */
  record Limits(Duration backOff, Duration patience, int failures) {
    static final Limits DEFAULT = new Limits(Duration.ofMinutes(5), Duration.ofSeconds(90), 10_000);
  }

  private final Resolver resolver;
  private final PolicyFetcher fetcher;
  private final PolicyStore store;
  private final Clock clock;
  private final FetchFailures failures;
  private final SingleFlight<DomainName, PolicyLookup> flights;

  /**
   * A service.
   *
   * @param resolver asks for the TXT records, and bounds how often by their TTL
   * @param fetcher fetches policies
   * @param store keeps them
   * @param clock tells when they were fetched and when they expire
   */
  public MtaStsPolicyService(
      Resolver resolver, PolicyFetcher fetcher, PolicyStore store, Clock clock) {
    this(resolver, fetcher, store, clock, Limits.DEFAULT);
  }

  MtaStsPolicyService(
      Resolver resolver, PolicyFetcher fetcher, PolicyStore store, Clock clock, Limits limits) {
    this.resolver = resolver;
    this.fetcher = fetcher;
    this.store = store;
    this.clock = clock;
    this.failures = new FetchFailures(clock, limits.backOff(), limits.failures());
    this.flights = new SingleFlight<>(limits.patience());
  }

  @Override
  public PolicyLookup lookup(DomainName policyDomain) {
    return flights
        .ask(policyDomain, () -> discover(policyDomain, resolver.txt(LABEL, policyDomain)))
        .orElseGet(
            () ->
                fallBack(
                    policyDomain,
                    new PolicyFailure(
                        Kind.FETCH, "another lookup of " + policyDomain + " takes too long")));
  }

  @Override
  public PolicyLookup recheck(DomainName policyDomain) {
    return discover(policyDomain, resolver.freshTxt(LABEL, policyDomain));
  }

  /** All policies that are kept, for the operator to look at; some may have expired. */
  public Collection<KnownPolicy> known() {
    return store.known();
  }

  private PolicyLookup discover(DomainName domain, DnsAnswer<String> answer) {
    if (answer instanceof DnsAnswer.Failed<String> failed) {
      return fallBack(
          domain,
          new PolicyFailure(
              Kind.DNS, "TXT of " + LABEL + "." + domain + " is not known: " + failed.detail()));
    }
    List<String> texts =
        answer instanceof DnsAnswer.Found<String> found ? found.records() : List.of();
    StsRecordChoice choice = StsRecord.select(texts);
    if (choice instanceof StsRecordChoice.Present present) {
      return announced(domain, present.record().id());
    }
    return unannounced(domain, choice.reason());
  }

  private PolicyLookup unannounced(DomainName domain, String reason) {
    Optional<KnownPolicy> kept = kept(domain);
    if (kept.isEmpty()) {
      return new PolicyLookup.None(domain + " announces no policy: " + reason, Optional.empty());
    }
    // RFC 8461 §8.3: this is how a domain ends whose last policy was "none"; nothing is amiss.
    return kept.get().policy().mode() == StsMode.NONE
        ? new PolicyLookup.Known(kept.get(), Optional.empty())
        : fallBack(
            domain,
            new PolicyFailure(
                Kind.DNS, domain + " no longer announces the policy that holds: " + reason));
  }

  private PolicyLookup announced(DomainName domain, String id) {
    Optional<KnownPolicy> current = kept(domain).filter(policy -> policy.id().equals(id));
    if (current.isPresent()) {
      return new PolicyLookup.Known(current.get(), Optional.empty());
    }
    Optional<PolicyFailure> recent = failures.recent(domain, id);
    return recent.isPresent() ? fallBack(domain, recent.get()) : fetch(domain, id);
  }

  private PolicyLookup fetch(DomainName domain, String id) {
    FetchResult result = fetcher.fetch(domain);
    if (result instanceof FetchResult.Failed failed) {
      return failed(domain, id, failed.failure());
    }
    StsPolicyParse parse = StsPolicy.parse(((FetchResult.Body) result).octets());
    if (parse instanceof StsPolicyParse.Invalid invalid) {
      return failed(
          domain,
          id,
          new PolicyFailure(
              Kind.INVALID, "the policy of " + domain + " is invalid: " + invalid.reason()));
    }
    return adopted(domain, id, ((StsPolicyParse.Parsed) parse).policy());
  }

  private PolicyLookup failed(DomainName domain, String id, PolicyFailure failure) {
    LOG.info("policy of {}, id {}: {}", domain, id, failure.detail());
    failures.add(domain, id, failure);
    return fallBack(domain, failure);
  }

  private PolicyLookup adopted(DomainName domain, String id, StsPolicy policy) {
    KnownPolicy fetched = new KnownPolicy(domain, id, policy, clock.instant());
    failures.forget(domain, id);
    if (!store.put(fetched)) {
      // The answer does not depend on it: the next lookup fetches again.
      LOG.warn("policy of {} is not kept: there is no room for another domain", domain);
    }
    return new PolicyLookup.Known(fetched, Optional.empty());
  }

  /** The kept policy, if it holds now: a fetch may have outlasted it. */
  private PolicyLookup fallBack(DomainName domain, PolicyFailure failure) {
    Optional<KnownPolicy> kept = kept(domain);
    return kept.isPresent()
        ? new PolicyLookup.Known(kept.get(), Optional.of(failure))
        : new PolicyLookup.None(failure.detail(), Optional.of(failure));
  }

  private Optional<KnownPolicy> kept(DomainName domain) {
    return store.get(domain).filter(policy -> policy.holdsAt(clock.instant()));
  }
}
