package org.jamessts.metrics;

import com.google.common.base.CaseFormat;
import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;

/**
 * All metrics of this extension, and their only names. James's metrics have no labels, so that a
 * counter stands for each value of an enumeration, and none for a domain. Counters are made once,
 * by who counts, and not for each mail. Safe for use by many threads.
 */
@Singleton
public final class StsMetrics {

  private final MetricFactory factory;
  private final GaugeRegistry gauges;

  /** Counters, one for each value of an enumeration: its name goes behind this one. */
  public enum Family {
    /** Channels that were judged for a mail, by {@link Judged}. */
    JUDGED("stsJudged"),
    /** Lookups of policies, by what was found. */
    POLICY("stsPolicy"),
    /** Lookups of policies, by what went wrong. */
    POLICY_FAILURE("stsPolicyFailure"),
    /** Hosts, by what DNSSEC promises of their certificates. */
    DANE("stsDane"),
    /** Sessions that were recorded, by what a report calls their failure. */
    RESULT("stsResult"),
    /** Mails that wait after an attempt, by who refused them. */
    DEFERRED("stsDeferred"),
    /** Mails that were given up, by who refused them. */
    BOUNCED("stsBounced");

    private final String prefix;

    Family(String prefix) {
      this.prefix = prefix;
    }

    private String nameOf(Enum<?> value) {
      return prefix + CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.UPPER_CAMEL, value.name());
    }
  }

  /** What was decided of a channel, and what it is like. */
  public enum Judged {
    /** The host has proved its name. */
    VERIFIED,
    /** TLS, with a certificate that nobody asked about. */
    ENCRYPTED,
    /** No TLS, and nobody asks for it. */
    CLEAR,
    /** Something is wrong, and mail goes all the same. */
    REPORTED,
    /** The domain's policy rules it out. */
    REFUSED_BY_POLICY,
    /** The operator of this server rules it out. */
    REFUSED_BY_OPERATOR;

    /** In a log line, for example {@code refused-by-policy}. */
    public String keyword() {
      return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_HYPHEN, name());
    }
  }

  /** Where the policy of a domain came from. */
  public enum PolicySource {
    /** MTA-STS, from its authenticated place. */
    MTA_STS,
    /** The preload list. */
    PRELOAD,
    /** The draft of 2016. */
    DRAFT,
    /** There is none. */
    NONE,
    /** Nobody can tell. */
    UNCLEAR
  }

  /** What DNSSEC promises of a host's certificate. */
  public enum Dane {
    USABLE,
    UNUSABLE,
    NONE,
    FAILED
  }

  /** How long something takes. */
  public enum Timer {
    /** Until mail knows the policy of a domain, mostly from memory. */
    POLICY_LOOKUP("stsPolicyLookup"),
    /** From STARTTLS to the end of the handshake, also of one that fails. */
    HANDSHAKE("stsHandshake"),
    /** One attempt at one mail, with all hosts that are tried. */
    DELIVERY("stsDelivery");

    private final String metric;

    Timer(String metric) {
      this.metric = metric;
    }
  }

  /** What is counted when somebody looks. */
  public enum Gauge {
    /** 0 for off, 1 for report-only, 2 for enforce. */
    ENFORCEMENT("stsEnforcement"),
    /** Answers about policies that are in memory. */
    LOOKUPS_IN_MEMORY("stsLookupsInMemory"),
    POLICIES_EXPIRING_SOON("stsPoliciesExpiringSoon"),
    STORE_FAILURES("stsStoreFailures"),
    DEFERRED_MAILS("stsDeferredMails"),
    SESSIONS_DROPPED("stsSessionsDropped"),
    REPORTS_PENDING("stsReportsPending"),
    LANES("stsLanes"),
    LANES_RUNNING("stsLanesRunning"),
    LANES_WAITING("stsLanesWaiting"),
    KEPT_SESSIONS("stsKeptSessions"),
    UNREACHABLE_HOSTS("stsUnreachableHosts");

    private final String metric;

    Gauge(String metric) {
      this.metric = metric;
    }
  }

  /** The counters of a family. */
  public static final class Counters<E extends Enum<E>> {
    private final Map<E, Metric> metrics;

    private Counters(Class<E> values, Function<E, Metric> metric) {
      this.metrics =
          Arrays.stream(values.getEnumConstants())
              .collect(
                  Collectors.toMap(
                      Function.identity(),
                      metric,
                      (one, same) -> one,
                      () -> new EnumMap<>(values)));
    }

    /** Counts one. */
    public void count(E value) {
      Metric metric = metrics.get(value);
      if (metric != null) {
        metric.increment();
      }
    }
  }

  /** Called by Guice. */
  @Inject
  public StsMetrics(MetricFactory factory, GaugeRegistry gauges) {
    this.factory = factory;
    this.gauges = gauges;
    // So that they can be seen before anything was timed.
    Arrays.stream(Timer.values()).forEach(this::time);
  }

  /** The counters of a family, all of which can be seen from now on. */
  public <E extends Enum<E>> Counters<E> counters(Family family, Class<E> values) {
    return new Counters<>(values, value -> factory.generate(family.nameOf(value)));
  }

  /** Begins to take the time; James looks the timer up by its name. */
  public TimeMetric time(Timer timer) {
    return factory.timer(timer.metric);
  }

  /** Shows a number from now on; it is asked for whenever somebody looks, and must not wait. */
  public void show(Gauge gauge, Supplier<? extends Number> number) {
    gauges.register(gauge.metric, number::get);
  }
}
