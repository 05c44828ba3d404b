package org.jamessts.tlsrpt.collect;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ReportTimes;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.SessionResult;

/** What happens in tests. */
public final class Sessions {

  public static final LocalDate DAY = LocalDate.parse("2026-05-01");
  public static final Instant NOON = DAY.atTime(12, 0).toInstant(ZoneOffset.UTC);
  public static final DomainName DOMAIN = new DomainName("example.com");

  /** Reports are due a minute after midnight. */
  public static final ReportTimes TIMES = new ReportTimes(Duration.ofMinutes(1), Duration.ZERO);

  private Sessions() {}

  /** The domain {@code 7.example} and so on. */
  public static DomainName domain(int number) {
    return new DomainName(number + "-x.example");
  }

  /** A session that went well, without a policy. */
  public static SessionResult success(DomainName domain) {
    return new SessionResult(NOON, AppliedPolicy.none(domain), List.of());
  }

  static SessionResult failed(DomainName domain, SessionFailure... failures) {
    return new SessionResult(NOON, AppliedPolicy.none(domain), List.of(failures));
  }

  /** A failure that differs by its reason. */
  public static SessionFailure failure(String reason) {
    return new SessionFailure(
        ResultType.CERTIFICATE_EXPIRED,
        SessionPeers.host(new DomainName("mx.example.com")),
        reason);
  }

  /** What a host showed. */
  public static ForensicDetails shown(String banner, String... certificates) {
    return new ForensicDetails(Optional.of(banner), List.of(certificates), 0);
  }

  /** A session of which it is told what the host showed. */
  public static SessionResult detailed(SessionFailure failure, ForensicDetails shown) {
    return new SessionResult(NOON, draft(DOMAIN), List.of(failure), Optional.of(shown));
  }

  /** A policy of the draft of 2016. */
  static AppliedPolicy draft(DomainName domain) {
    return new AppliedPolicy(
        AppliedPolicy.Type.DRAFT, domain, List.of("v=STS1"), List.of(), Optional.empty());
  }

  static SessionPeers peers(String own, String other) {
    return new SessionPeers(
        Optional.of(address(own)),
        Optional.of(new DomainName("mx.example.com")),
        Optional.of(address(other)),
        Optional.of("mx.example.com"));
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  static AppliedPolicy sts(DomainName domain, String... lines) {
    return new AppliedPolicy(
        AppliedPolicy.Type.STS, domain, List.of(lines), List.of("*.example.com"), Optional.empty());
  }

  /** In an order of their own: neither memory nor database promises one. */
  static List<CountedFailure> sorted(PolicySummary summary) {
    return summary.failures().stream()
        .sorted(Comparator.comparing(counted -> counted.failure().toString()))
        .toList();
  }
}
