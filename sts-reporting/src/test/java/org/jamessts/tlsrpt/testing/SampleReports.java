package org.jamessts.tlsrpt.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ReportId;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.discover.ReportEndpoint.Mailbox;
import org.jamessts.tlsrpt.document.Reporter;

/** Days of which there is something to tell. */
public final class SampleReports {

  /** Who reports. */
  public static final Reporter REPORTER =
      new Reporter("Ourselves & Söhne", new Mailbox("tls-reports", new DomainName("ours.example")));

  /** Of whom. */
  public static final DomainName DOMAIN = new DomainName("example.com");

  /** When. */
  public static final LocalDate DAY = LocalDate.parse("2026-11-26");

  /** Under which id. */
  public static final ReportId ID = new ReportId("0123456789abcdef0123456789abcdef");

  private SampleReports() {}

  /** A report of that day. */
  public static DailyReport report(PolicySummary... policies) {
    return new DailyReport(ID, DAY, DOMAIN, List.of(policies));
  }

  /** What happened under an STS policy that the host keeps badly. */
  public static PolicySummary sts() {
    return new PolicySummary(
        new AppliedPolicy(
            AppliedPolicy.Type.STS,
            DOMAIN,
            List.of(
                "version: STSv1",
                "mode: testing",
                "mx: mx1.example.com",
                "mx: *.backup.example.com",
                "max_age: 86400"),
            List.of("mx1.example.com", "*.backup.example.com"),
            Optional.empty()),
        5326,
        303,
        List.of(
            failure(ResultType.CERTIFICATE_EXPIRED, "expired on 2026-11-01", 100),
            new CountedFailure(
                new SessionFailure(
                    ResultType.VALIDATION_FAILURE,
                    SessionPeers.host(new DomainName("evil.example.net")),
                    "evil.example.net is not named by the policy"),
                203)));
  }

  /** What happened under TLSA records, all well. */
  public static PolicySummary tlsa() {
    return new PolicySummary(
        new AppliedPolicy(
            AppliedPolicy.Type.TLSA,
            DOMAIN,
            List.of("3 1 1 0C72AC70B745AC19998811B131D662C9AC69DBDBE7CB23E5B514B56664C5D3D6"),
            List.of(),
            Optional.of(new DomainName("mx1.example.com"))),
        7,
        0,
        List.of());
  }

  /** What happened without any policy. */
  public static PolicySummary none() {
    return new PolicySummary(AppliedPolicy.none(DOMAIN), 12, 0, List.of());
  }

  /**
   * What happened under a record of the draft of 2016.
   *
   * @param record its text
   */
  public static PolicySummary draft(String record, CountedFailure... failures) {
    return new PolicySummary(
        new AppliedPolicy(
            AppliedPolicy.Type.DRAFT,
            DOMAIN,
            List.of(record),
            List.of("mx1.example.com"),
            Optional.empty()),
        1,
        List.of(failures).stream().mapToLong(CountedFailure::sessions).sum(),
        List.of(failures));
  }

  /** A failure at an address of mx1. */
  public static CountedFailure failure(ResultType type, String reason, long sessions) {
    return new CountedFailure(
        new SessionFailure(
            type,
            new SessionPeers(
                Optional.of(address("192.0.2.1")),
                Optional.of(new DomainName("mx1.example.com")),
                Optional.of(address("2001:db8::25")),
                Optional.of("mx1.example.com")),
            reason),
        sessions);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
