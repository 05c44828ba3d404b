package org.jamessts.policy;

import java.time.Duration;
import java.util.Optional;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.mtasts.StsRecord;
import org.jamessts.mtasts.StsRecordChoice;
import org.jamessts.policy.KnownMtaStsPolicy.Origin;
import org.jamessts.policy.PolicyFailure.Kind;

/**
 * MTA-STS (RFC 8461 §3, §5.1). The TXT record is a hint that anybody on the path may forge; the
 * policy host is authenticated. So the record decides when to fetch, and only a fetched policy
 * decides anything else:
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
final class MtaStsSource implements PolicySource {

  private static final String LABEL = "_mta-sts";
  private static final String HOST = "mta-sts.";
  private static final String PATH = "/.well-known/mta-sts.txt";

  private final Resolver resolver;
  private final PolicyFetcher fetcher;
  private final KeptPolicies policies;
  private final Preloads preloads;
  private final PolicySettings settings;
  private final Fetching fetching;
  private final Guards guards;

  MtaStsSource(
      PolicyParts parts, KeptPolicies policies, Fetching fetching, PolicySettings settings) {
    this.resolver = parts.resolver();
    this.fetcher = parts.fetcher();
    this.preloads = parts.preloads();
    this.guards = parts.guards();
    this.policies = policies;
    this.fetching = fetching;
    this.settings = settings;
  }

  @Override
  public TimedLookup lookup(DomainName domain) {
    return discover(domain, resolver.txt(LABEL, domain));
  }

  @Override
  public TimedLookup recheck(DomainName domain) {
    return discover(domain, resolver.freshTxt(LABEL, domain));
  }

  @Override
  public TimedLookup refresh(KnownPolicy policy) {
    DomainName domain = policy.domain();
    DnsReply<String> reply = resolver.freshTxt(LABEL, domain);
    String id =
        StsRecord.select(reply.records()) instanceof StsRecordChoice.Present present
            ? present.record().id()
            // RFC 8461 §10.2: whatever the DNS says, which somebody may have blocked.
            : kept(domain).map(KnownMtaStsPolicy::id).orElse("");
    return id.isEmpty() ? discover(domain, reply) : fetch(domain, id, reply.keep());
  }

  private TimedLookup discover(DomainName domain, DnsReply<String> reply) {
    if (reply.answer() instanceof DnsAnswer.Failed<String> failed) {
      PolicyFailure failure =
          new PolicyFailure(
              Kind.DNS, "TXT of " + LABEL + "." + domain + " is not known: " + failed.detail());
      Optional<KnownMtaStsPolicy> kept = keptBy(Guard.KEEP_WHEN_DNS_FAILS, domain);
      return TimedLookup.notKept(
          kept.isPresent() ? known(kept.get(), failure) : settings.onDnsFailure().after(failure));
    }
    StsRecordChoice choice = StsRecord.select(reply.records());
    if (choice instanceof StsRecordChoice.Present present) {
      return announced(domain, present.record().id(), reply.keep());
    }
    Guard guard =
        choice instanceof StsRecordChoice.Invalid
            ? Guard.KEEP_WHEN_RECORD_IS_INVALID
            : Guard.KEEP_WHEN_RECORD_VANISHES;
    return new TimedLookup(
        unannounced(domain, choice.reason(), keptBy(guard, domain)), reply.keep());
  }

  private PolicyLookup unannounced(
      DomainName domain, String reason, Optional<KnownMtaStsPolicy> kept) {
    if (kept.isEmpty()) {
      return new PolicyLookup.None(domain + " announces no policy: " + reason, Optional.empty());
    }
    // RFC 8461 §8.3: this is how a domain ends whose last policy was "none"; nothing is amiss. Nor
    // with a preloaded policy: the list is there for domains that announce nothing.
    if (kept.get().isNone() || kept.get().origin() == Origin.PRELOADED) {
      return new PolicyLookup.Known(kept.get(), Optional.empty());
    }
    policies.vanished(kept.get(), reason);
    return known(
        kept.get(),
        new PolicyFailure(
            Kind.VANISHED, domain + " no longer announces the policy that holds: " + reason));
  }

  private TimedLookup announced(DomainName domain, String id, Duration keep) {
    Optional<KnownMtaStsPolicy> current =
        (guards.stand(Guard.ONLY_A_FETCH_PROLONGS) ? kept(domain) : stored(domain))
            .filter(policy -> policy.id().equals(id));
    return current.isPresent()
        ? new TimedLookup(new PolicyLookup.Known(current.get(), Optional.empty()), keep)
        : fetch(domain, id, keep);
  }

  private TimedLookup fetch(DomainName domain, String id, Duration keep) {
    Fetching.Outcome<StsPolicy> outcome = fetching.attempt(domain, id, () -> fetchAndParse(domain));
    if (outcome instanceof Fetching.Success<StsPolicy> success) {
      KnownMtaStsPolicy fetched =
          new KnownMtaStsPolicy(domain, id, success.value(), policies.now());
      policies.adopt(fetched);
      return new TimedLookup(new PolicyLookup.Known(fetched, Optional.empty()), keep);
    }
    PolicyFailure failure = ((Fetching.Failure<StsPolicy>) outcome).cause();
    Guard guard =
        failure.kind() == Kind.INVALID
            ? Guard.KEEP_WHEN_BODY_IS_INVALID
            : Guard.KEEP_WHEN_FETCH_FAILS;
    // RFC 8461 §3.3: without a policy that can be had mail goes, also where it waits for the DNS.
    return TimedLookup.notKept(
        keptBy(guard, domain)
            .map(kept -> known(kept, failure))
            .orElseGet(() -> new PolicyLookup.None(failure.detail(), Optional.of(failure))));
  }

  private Fetching.Outcome<StsPolicy> fetchAndParse(DomainName domain) {
    DomainName host;
    try {
      host = DomainName.parse(HOST + domain);
    } catch (InvalidDomainNameException e) {
      // A domain so long that no label fits before it.
      return new Fetching.Failure<>(new PolicyFailure(Kind.FETCH, String.valueOf(e.getMessage())));
    }
    FetchResult result = fetcher.fetch(host, PATH);
    if (result instanceof FetchResult.Failed failed) {
      return new Fetching.Failure<>(failed.failure());
    }
    StsPolicyParse parse = StsPolicy.parse(((FetchResult.Body) result).octets());
    return parse instanceof StsPolicyParse.Parsed parsed
        ? new Fetching.Success<>(parsed.policy())
        : new Fetching.Failure<>(
            new PolicyFailure(
                Kind.INVALID,
                "the policy of "
                    + domain
                    + " is invalid: "
                    + ((StsPolicyParse.Invalid) parse).reason()));
  }

  private static PolicyLookup known(KnownMtaStsPolicy kept, PolicyFailure failure) {
    return new PolicyLookup.Known(kept, Optional.of(failure));
  }

  private Optional<KnownMtaStsPolicy> keptBy(Guard guard, DomainName domain) {
    return guards.stand(guard) ? kept(domain) : Optional.empty();
  }

  /** What holds without asking anybody; a fetch may have outlasted it. */
  Optional<KnownMtaStsPolicy> kept(DomainName domain) {
    return policies
        .holding(Slot.MTA_STS, domain)
        .map(KnownMtaStsPolicy.class::cast)
        .or(() -> preloads.find(domain, policies.now()));
  }

  private Optional<KnownMtaStsPolicy> stored(DomainName domain) {
    return policies.stored(Slot.MTA_STS, domain).map(KnownMtaStsPolicy.class::cast);
  }
}
