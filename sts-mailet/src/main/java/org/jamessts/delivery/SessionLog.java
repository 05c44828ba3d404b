package org.jamessts.delivery;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jamessts.decide.Channel;
import org.jamessts.decide.DaneHost;
import org.jamessts.decide.Finding;
import org.jamessts.decide.HostRequirements;
import org.jamessts.decide.Opportunistic;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.DomainName;
import org.jamessts.metrics.StsMetrics.Judged;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.policy.Strength;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.SessionRecorder;
import org.jamessts.tlsrpt.SessionResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells the {@link SessionRecorder} what happened, in the terms of RFC 8460, and counts it. */
final class SessionLog {

  private static final int REMEMBERED = 1_000;

  /** What a report calls a policy, as long as that is known: it is asked for with every mail. */
  private final LoadingCache<KnownPolicy, AppliedPolicy> applied =
      Caffeine.newBuilder().weakKeys().maximumSize(REMEMBERED).build(AppliedPolicy::of);

  private final SessionRecorder recorder;
  private final DeliveryMeter meter;
  private final Logger logger;
  private final Clock clock;
  private final boolean toHosts;
  private final Predicate<InetAddress> toldInDetail;

  /**
   * @param toHosts whether those who run a host with TLSA records are told of it too
   * @param toldInDetail of which hosts it is recorded what they showed, with failures under
   *     policies of the draft of 2016
   */
  SessionLog(
      SessionRecorder recorder,
      DeliveryMeter meter,
      Clock clock,
      boolean toHosts,
      Predicate<InetAddress> toldInDetail) {
    this(recorder, meter, LoggerFactory.getLogger(SessionLog.class), clock, toHosts, toldInDetail);
  }

  /** One for a dry run, which records nothing. */
  SessionLog(DeliveryMeter meter, Logger logger, Clock clock) {
    this(result -> {}, meter, logger, clock, false, address -> false);
  }

  private SessionLog(
      SessionRecorder recorder,
      DeliveryMeter meter,
      Logger logger,
      Clock clock,
      boolean toHosts,
      Predicate<InetAddress> toldInDetail) {
    this.recorder = recorder;
    this.meter = meter;
    this.logger = logger;
    this.clock = clock;
    this.toHosts = toHosts;
    this.toldInDetail = toldInDetail;
  }

  /**
   * Under which policies sessions with a host count (RFC 8460 §4.2): its TLSA records and the
   * domain's STS policy, where there are both.
   */
  List<Need.Reported> reported(DomainPolicy policy, DaneHost host, HostRequirements requirements) {
    DomainName domain = policy.domain();
    List<Need.Reported> all = new ArrayList<>();
    requirements
        .dane(policy, host)
        .ifPresent(
            asked ->
                all.add(
                    new Need.Reported(
                        asked, AppliedPolicy.tlsa(domain, host.serverName(), host.records()))));
    requirements
        .published(policy.published(), host)
        .ifPresent(
            asked -> all.add(new Need.Reported(asked, appliedTo(domain, policy.published()))));
    return all.isEmpty()
        ? List.of(new Need.Reported(new Opportunistic(), AppliedPolicy.none(domain)))
        : all;
  }

  /** Under which STS policy: one in mode none is none (RFC 8461 §6). */
  AppliedPolicy appliedTo(DomainName domain, PolicyLookup lookup) {
    return lookup.policies().stream()
        .findFirst()
        .filter(policy -> policy.strength() != Strength.NOTHING)
        .map(applied::get)
        .orElseGet(() -> AppliedPolicy.none(domain));
  }

  /**
   * What the domain is to hear of the question for its policy (RFC 8461 §6), with each session that
   * follows; nothing where all went well, or where it cannot be told apart from one without policy.
   */
  Optional<Need.FailedLookup> failedLookup(DomainName domain, PolicyLookup lookup) {
    if (lookup.failure().isEmpty()) {
      return Optional.empty();
    }
    Optional<KnownPolicy> policy = lookup.policies().stream().findFirst();
    if (policy.filter(p -> p.strength() == Strength.NOTHING).isPresent()) {
      return Optional.empty();
    }
    PolicyFailure failure = lookup.failure().get();
    return resultType(failure.kind(), policy.isPresent())
        .map(
            type ->
                new Need.FailedLookup(
                    policy
                        .map(AppliedPolicy::of)
                        .orElseGet(() -> AppliedPolicy.unavailableSts(domain)),
                    new SessionFailure(type, SessionPeers.NONE, failure.detail())));
  }

  /** No session follows, since the mail waits until the policy can be had. */
  void lookupFailed(DomainName domain, PolicyLookup lookup) {
    failedLookup(domain, lookup).ifPresent(this::record);
  }

  private void record(Need.FailedLookup lookup) {
    record(lookup.policy(), lookup.failure(), Optional.empty(), any -> true);
  }

  private static Optional<ResultType> resultType(PolicyFailure.Kind kind, boolean kept) {
    return switch (kind) {
      // Without a kept policy, the domain cannot be told apart from one that has none.
      case DNS, VANISHED ->
          kept ? Optional.of(ResultType.STS_POLICY_FETCH_ERROR) : Optional.empty();
      // It may yet come.
      case SLOW, STOPPING -> Optional.empty();
      case FETCH -> Optional.of(ResultType.STS_POLICY_FETCH_ERROR);
      case INVALID -> Optional.of(ResultType.STS_POLICY_INVALID);
      case WEBPKI -> Optional.of(ResultType.STS_WEBPKI_INVALID);
      case UNSUPPORTED -> Optional.of(ResultType.SENDER_DOES_NOT_SUPPORT_VALIDATION_METHOD);
    };
  }

  /** Counts it, too. */
  DeliveryMeter meter() {
    return meter;
  }

  /** It was decided whether mail may go on a channel. */
  Judged decided(Need need, Channel channel, Judgement judgement) {
    Judged decision =
        DeliveryMeter.judged(
            judgement.verdict(),
            channel,
            judgement.verified(),
            !(need.requirement() instanceof Opportunistic));
    meter.judged(decision);
    return decision;
  }

  /** A host was passed over for its name, without being contacted. */
  void passedOver(Need need, Verdict.NextHost refused) {
    Judged decision = DeliveryMeter.refused(refused);
    meter.judged(decision);
    LogLine.of("event", "passed-over")
        .with("mx", need.host().value())
        .with("verdict", decision.keyword())
        .with("policy", need.requirement().describe())
        .with("result", refused.cause().type().keyword())
        .with("finding", refused.cause().why().text())
        .to(logger, Level.INFO);
    for (Need.Reported one : need.reported()) {
      one.asked()
          .admit(need.host())
          .finding()
          .ifPresent(
              cause ->
                  record(
                      one.policy(),
                      failure(cause, SessionPeers.host(need.host())),
                      Optional.empty(),
                      any -> true));
    }
  }

  /**
   * A channel was judged: recorded is what the domain itself asks for, each policy by itself.
   *
   * @param seen the channel and its ends
   * @param countsAnew whether the session is not yet counted under a policy
   */
  void judged(Need need, Seen seen, Predicate<AppliedPolicy> countsAnew) {
    Set<AppliedPolicy> anew = need.policies();
    anew.removeIf(countsAnew.negate());
    need.failedLookup().filter(lookup -> anew.contains(lookup.policy())).ifPresent(this::record);
    for (Need.Reported one : need.reported()) {
      if (!anew.contains(one.policy())) {
        continue;
      }
      Optional<Finding> finding =
          one.asked().judge(need.host(), seen.channel(), clock.instant()).finding();
      if (finding.isPresent()) {
        boolean detailed =
            one.policy().type() == AppliedPolicy.Type.DRAFT
                && seen.peers().receivingIp().filter(toldInDetail).isPresent();
        record(
            one.policy(),
            failure(finding.get(), seen.peers()),
            detailed ? seen.details() : Optional.empty(),
            countsAnew);
      } else {
        record(new SessionResult(clock.instant(), one.policy(), List.of()), countsAnew);
      }
    }
  }

  private static SessionFailure failure(Finding finding, SessionPeers peers) {
    return new SessionFailure(finding.type(), peers, finding.why().evidence());
  }

  private void record(
      AppliedPolicy policy,
      SessionFailure failure,
      Optional<ForensicDetails> details,
      Predicate<AppliedPolicy> countsAnew) {
    meter.result(failure.type());
    record(new SessionResult(clock.instant(), policy, List.of(failure), details), countsAnew);
  }

  /** For the domain; for those who run the host, too, who are told of a session once. */
  private void record(SessionResult result, Predicate<AppliedPolicy> countsAnew) {
    recorder.record(result);
    Optional<AppliedPolicy> hosts = toHosts ? result.policy().toldToHost() : Optional.empty();
    hosts
        .filter(countsAnew)
        .ifPresent(
            policy -> recorder.record(new SessionResult(result.at(), policy, result.failures())));
  }
}
