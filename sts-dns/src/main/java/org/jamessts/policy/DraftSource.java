package org.jamessts.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.policy.PolicySettings.FirstDraftPolicy;
import org.jamessts.sts2016.PolicyAuthentication;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordChoice;

/**
 * SMTP STS, the draft of March 2016. The TXT record is the policy, and anybody on the path may
 * forge it; so each new one has to be authenticated, and has to have a first success before mail is
 * held back for it:
 *
 * <ul>
 *   <li>The first policy of a domain is authenticated as it says itself (or trusted, if so set),
 *       and is then a candidate.
 *   <li>Another one is authenticated as the policy says that is kept (draft -00 §3.5). It then
 *       stands beside the kept one until its own first success; if it holds no mail back, it takes
 *       its place at once.
 *   <li>A record that vanished, is invalid, cannot be looked up or authenticated takes nothing away
 *       until the kept policy expires.
 * </ul>
 */
final class DraftSource implements PolicySource {

  /**
   * 31557600 seconds, the maximum of RFC 8461 §3.2. The draft bounds {@code e} by its number of
   * digits alone, at 317 years; what cannot be authenticated any more must end some day.
   */
  static final Duration LONGEST_LIFETIME = Duration.ofHours(8_766);

  private final Resolver resolver;
  private final DraftAuthentication authentication;
  private final KeptPolicies policies;
  private final PolicySettings settings;
  private final Guards guards;

  DraftSource(
      PolicyParts parts, KeptPolicies policies, Fetching fetching, PolicySettings settings) {
    this.resolver = parts.resolver();
    this.guards = parts.guards();
    this.authentication = new DraftAuthentication(parts, fetching);
    this.policies = policies;
    this.settings = settings;
  }

  /** What is kept of a domain. */
  private record Kept(Optional<KnownDraftPolicy> confirmed, Optional<KnownDraftPolicy> candidate) {

    /** The one whose mechanism authenticates the next (draft -00 §3.5). */
    Optional<KnownDraftPolicy> oldest() {
      return confirmed.or(() -> candidate);
    }

    /** The one of the same words as a record. */
    Optional<KnownDraftPolicy> repeatedBy(SmtpStsRecord record) {
      return Stream.of(confirmed, candidate)
          .flatMap(Optional::stream)
          .filter(kept -> kept.text().equals(record.text()))
          .findFirst();
    }
  }

  private Optional<PolicyLookup> lookup(Kept kept, Optional<PolicyFailure> failure) {
    Optional<KnownDraftPolicy> successor =
        kept.confirmed().isPresent() ? kept.candidate() : Optional.empty();
    return kept.oldest().map(policy -> draft(policy, successor, failure));
  }

  private PolicyLookup draft(
      KnownDraftPolicy policy,
      Optional<KnownDraftPolicy> successor,
      Optional<PolicyFailure> failure) {
    boolean reportOnly = settings.draft() == PolicySettings.Draft.REPORT_ONLY;
    return new PolicyLookup.Draft(policy, successor, reportOnly, failure);
  }

  @Override
  public TimedLookup lookup(DomainName domain) {
    return discover(domain, resolver.txt(SmtpStsRecord.LABEL, domain));
  }

  @Override
  public TimedLookup recheck(DomainName domain) {
    return discover(domain, resolver.freshTxt(SmtpStsRecord.LABEL, domain));
  }

  /**
   * A new record is taken up as in a lookup. The kept policy itself is authenticated once more,
   * also when its record is gone: blocking the DNS for a while must not let it run out.
   */
  @Override
  public TimedLookup refresh(KnownPolicy policy) {
    KnownDraftPolicy old = (KnownDraftPolicy) policy;
    DnsReply<String> reply = resolver.freshTxt(SmtpStsRecord.LABEL, old.domain());
    TimedLookup found = discover(old.domain(), reply);
    if (!isStillKept(old)) {
      return found;
    }
    Optional<PolicyFailure> failure =
        authentication.failureOf(
            old.domain(), old.record(), old.record().authentication(), security(reply));
    if (failure.isEmpty()) {
      policies.adopt(known(old.domain(), old.record(), old.standing(), found.keep()));
    }
    return TimedLookup.notKept(lookup(kept(old.domain()), failure).orElse(found.lookup()));
  }

  private boolean isStillKept(KnownDraftPolicy policy) {
    return holding(policy.slot(), policy.domain())
        .filter(kept -> kept.text().equals(policy.text()))
        .isPresent();
  }

  private static DnsAnswer.Security security(DnsReply<String> reply) {
    return reply.answer() instanceof DnsAnswer.Found<String> found
        ? found.security()
        : DnsAnswer.Security.INSECURE;
  }

  private TimedLookup discover(DomainName domain, DnsReply<String> reply) {
    Kept kept = kept(domain);
    if (reply.answer() instanceof DnsAnswer.Failed<String> failed) {
      PolicyFailure failure =
          new PolicyFailure(
              Kind.DNS,
              "TXT of " + SmtpStsRecord.LABEL + "." + domain + " is not known: " + failed.detail());
      return TimedLookup.notKept(
          lookup(kept, Optional.of(failure))
              .orElseGet(() -> settings.onDnsFailure().after(failure)));
    }
    SmtpStsRecordChoice choice = SmtpStsRecord.select(reply.records());
    if (choice instanceof SmtpStsRecordChoice.Present present) {
      return announced(domain, present.record(), kept, reply);
    }
    return new TimedLookup(unannounced(domain, choice.reason(), kept), reply.keep());
  }

  private PolicyLookup unannounced(DomainName domain, String reason, Kept kept) {
    kept.oldest().ifPresent(policy -> policies.vanished(policy, reason));
    return lookup(
            kept,
            Optional.of(
                new PolicyFailure(
                    Kind.VANISHED,
                    domain + " no longer announces the policy that holds: " + reason)))
        .orElseGet(
            () ->
                new PolicyLookup.None(
                    domain + " announces no policy: " + reason, Optional.empty()));
  }

  private TimedLookup announced(
      DomainName domain, SmtpStsRecord record, Kept kept, DnsReply<String> reply) {
    Optional<KnownDraftPolicy> repeated = kept.repeatedBy(record);
    if (repeated.isPresent()) {
      return known(withoutWhatWasTakenBack(kept, record, reply), reply.keep());
    }
    if (!policies.canTell() && kept.oldest().isEmpty()) {
      // Something may be kept all the same that must authenticate this one.
      return TimedLookup.notKept(
          draft(
              known(domain, record, Standing.UNAUTHENTICATED, reply.keep()),
              Optional.empty(),
              Optional.empty()));
    }
    Optional<PolicyFailure> failure =
        authentication.failureOf(domain, record, mechanism(record, kept), security(reply));
    return failure.isEmpty()
        ? known(takenUp(domain, record, kept, reply.keep()), reply.keep())
        : refused(domain, record, kept, failure, reply.keep());
  }

  /**
   * Where the record repeats the confirmed policy, and the domain vouches for that, what it
   * announced in between is taken back. An old record alone may be a forger's.
   */
  private Kept withoutWhatWasTakenBack(Kept kept, SmtpStsRecord record, DnsReply<String> reply) {
    Optional<KnownDraftPolicy> confirmed =
        kept.confirmed().filter(policy -> policy.text().equals(record.text()));
    if (confirmed.isEmpty() || kept.candidate().isEmpty()) {
      return kept;
    }
    DomainName domain = confirmed.get().domain();
    if (authentication
        .failureOf(domain, record, record.authentication(), security(reply))
        .isPresent()) {
      return kept;
    }
    KnownDraftPolicy renewed = known(domain, record, Standing.CONFIRMED, reply.keep());
    policies.adopt(renewed);
    return withoutCandidate(new Kept(Optional.of(renewed), kept.candidate()));
  }

  private Kept withoutCandidate(Kept kept) {
    kept.candidate().ifPresent(policies::giveUp);
    return new Kept(kept.confirmed(), Optional.empty());
  }

  private TimedLookup known(Kept kept, Duration keep) {
    return new TimedLookup(lookup(kept, Optional.empty()).orElseThrow(), keep);
  }

  private Optional<PolicyAuthentication> mechanism(SmtpStsRecord record, Kept kept) {
    return guards.stand(Guard.DRAFT_KEPT_MECHANISM_AUTHENTICATES)
        ? kept.oldest().flatMap(old -> old.record().authentication()).or(record::authentication)
        : record.authentication();
  }

  private Kept takenUp(DomainName domain, SmtpStsRecord record, Kept kept, Duration ttl) {
    // One that holds no mail back needs no first success to be safe.
    boolean atOnce = kept.confirmed().isPresent() && !record.tlsOnly();
    KnownDraftPolicy taken =
        known(domain, record, atOnce ? Standing.CONFIRMED : Standing.CANDIDATE, ttl);
    boolean adopted = policies.adopt(taken);
    if (!atOnce) {
      return new Kept(kept.confirmed(), Optional.of(taken));
    }
    Kept next = new Kept(Optional.of(taken), kept.candidate());
    return adopted ? withoutCandidate(next) : next;
  }

  private TimedLookup refused(
      DomainName domain,
      SmtpStsRecord record,
      Kept kept,
      Optional<PolicyFailure> failure,
      Duration ttl) {
    boolean trusted =
        settings.firstDraftPolicy() == FirstDraftPolicy.TOFU
            || !guards.stand(Guard.DRAFT_UNAUTHENTICATED_IS_REPORT_ONLY);
    // A candidate may be forged then, and must not keep the domain's own policy out.
    if (trusted && kept.confirmed().isEmpty()) {
      return known(takenUp(domain, record, kept, ttl), ttl);
    }
    Optional<PolicyLookup> held = lookup(kept, failure);
    if (held.isPresent()) {
      return TimedLookup.notKept(held.get());
    }
    KnownDraftPolicy reported = known(domain, record, Standing.UNAUTHENTICATED, ttl);
    // One that only asks for reports need not say how to authenticate it: nothing is amiss then.
    return record.authentication().isEmpty()
        ? new TimedLookup(draft(reported, Optional.empty(), Optional.empty()), ttl)
        : TimedLookup.notKept(draft(reported, Optional.empty(), failure));
  }

  private KnownDraftPolicy known(
      DomainName domain, SmtpStsRecord record, Standing standing, Duration ttl) {
    Instant now = policies.now();
    Duration wanted = record.expiry().orElse(Duration.ZERO).plus(ttl);
    Duration lifetime = wanted.compareTo(LONGEST_LIFETIME) < 0 ? wanted : LONGEST_LIFETIME;
    return new KnownDraftPolicy(domain, record, standing, now, now.plus(lifetime));
  }

  private Kept kept(DomainName domain) {
    Optional<KnownDraftPolicy> candidate = holding(Slot.DRAFT_CANDIDATE, domain);
    Optional<KnownPolicy> latest = policies.stored(Slot.DRAFT, domain);
    Optional<KnownDraftPolicy> confirmed =
        latest.filter(policies::holds).map(KnownDraftPolicy.class::cast);
    // One that was overtaken is still here because the store failed when it was to be removed.
    Optional<KnownDraftPolicy> overtaken =
        candidate.filter(
            next ->
                latest.filter(known -> !known.fetchedAt().isBefore(next.fetchedAt())).isPresent());
    overtaken.ifPresent(policies::giveUp);
    return new Kept(confirmed, overtaken.isPresent() ? Optional.empty() : candidate);
  }

  private Optional<KnownDraftPolicy> holding(Slot slot, DomainName domain) {
    return policies.holding(slot, domain).map(KnownDraftPolicy.class::cast);
  }

  /** What is kept, without asking anybody. */
  Optional<PolicyLookup> kept(DomainName domain, PolicyFailure failure) {
    return lookup(kept(domain), Optional.of(failure));
  }

  /**
   * A candidate has had its first success, and takes the place of the policy before it; unless it
   * has expired, was replaced or was taken back while the mail was on its way.
   */
  void confirm(KnownDraftPolicy candidate) {
    holding(Slot.DRAFT_CANDIDATE, candidate.domain())
        .filter(kept -> kept.text().equals(candidate.text()))
        .ifPresent(
            kept -> {
              if (policies.adopt(kept.confirmed())) {
                policies.giveUp(kept);
              }
            });
  }
}
