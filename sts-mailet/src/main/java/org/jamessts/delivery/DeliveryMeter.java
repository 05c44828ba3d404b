package org.jamessts.delivery;

import org.apache.james.metrics.api.TimeMetric;
import org.jamessts.dane.DaneLookup;
import org.jamessts.decide.Channel;
import org.jamessts.decide.Verdict;
import org.jamessts.metrics.StsMetrics;
import org.jamessts.metrics.StsMetrics.Counters;
import org.jamessts.metrics.StsMetrics.Dane;
import org.jamessts.metrics.StsMetrics.Family;
import org.jamessts.metrics.StsMetrics.Judged;
import org.jamessts.metrics.StsMetrics.PolicySource;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.tlsrpt.ResultType;

/** Counts what becomes of mail. On the way of every mail, so that nothing is looked up by name. */
final class DeliveryMeter {

  private final StsMetrics metrics;
  private final Counters<Judged> judged;
  private final Counters<PolicySource> policies;
  private final Counters<PolicyFailure.Kind> policyFailures;
  private final Counters<Dane> dane;
  private final Counters<ResultType> results;
  private final Counters<Reason.Kind> deferred;
  private final Counters<Reason.Kind> bounced;

  DeliveryMeter(StsMetrics metrics) {
    this.metrics = metrics;
    this.judged = metrics.counters(Family.JUDGED, Judged.class);
    this.policies = metrics.counters(Family.POLICY, PolicySource.class);
    this.policyFailures = metrics.counters(Family.POLICY_FAILURE, PolicyFailure.Kind.class);
    this.dane = metrics.counters(Family.DANE, Dane.class);
    this.results = metrics.counters(Family.RESULT, ResultType.class);
    this.deferred = metrics.counters(Family.DEFERRED, Reason.Kind.class);
    this.bounced = metrics.counters(Family.BOUNCED, Reason.Kind.class);
  }

  TimeMetric time(StsMetrics.Timer timer) {
    return metrics.time(timer);
  }

  void policy(PolicyLookup lookup) {
    policies.count(sourceOf(lookup));
    lookup.failure().ifPresent(failure -> policyFailures.count(failure.kind()));
  }

  private static PolicySource sourceOf(PolicyLookup lookup) {
    if (lookup instanceof PolicyLookup.Known known) {
      return known.policy().origin() == KnownMtaStsPolicy.Origin.PRELOADED
          ? PolicySource.PRELOAD
          : PolicySource.MTA_STS;
    }
    if (lookup instanceof PolicyLookup.Draft) {
      return PolicySource.DRAFT;
    }
    return lookup instanceof PolicyLookup.Unclear ? PolicySource.UNCLEAR : PolicySource.NONE;
  }

  void dane(DaneLookup lookup) {
    if (lookup instanceof DaneLookup.Usable) {
      dane.count(Dane.USABLE);
    } else if (lookup instanceof DaneLookup.Unusable) {
      dane.count(Dane.UNUSABLE);
    } else {
      dane.count(lookup instanceof DaneLookup.Failed ? Dane.FAILED : Dane.NONE);
    }
  }

  void result(ResultType type) {
    results.count(type);
  }

  void judged(Judged value) {
    judged.count(value);
  }

  /**
   * What was decided of a channel.
   *
   * @param verified whether the host has proved its name there
   */
  static Judged judged(Verdict verdict, Channel channel, boolean verified, boolean asked) {
    if (verdict instanceof Verdict.NextHost refused) {
      return refused(refused);
    }
    if (verdict.finding().isPresent() && asked) {
      return Judged.REPORTED;
    }
    if (!(channel instanceof Channel.Encrypted)) {
      return Judged.CLEAR;
    }
    return verified ? Judged.VERIFIED : Judged.ENCRYPTED;
  }

  static Judged refused(Verdict.NextHost refused) {
    return refused.operators() ? Judged.REFUSED_BY_OPERATOR : Judged.REFUSED_BY_POLICY;
  }

  void deferred(Reason reason) {
    deferred.count(reason.kind());
  }

  void bounced(Reason.Kind kind) {
    bounced.count(kind);
  }
}
