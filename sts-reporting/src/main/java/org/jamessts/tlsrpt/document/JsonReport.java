package org.jamessts.tlsrpt.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;

/**
 * The report of one day to one policy domain, in the JSON of RFC 8460 §4.4: UTF-8, one array of
 * policies (§4), an order of its own for whatever has none, so that the same day gives the same
 * octets.
 */
public final class JsonReport {

  private static final JsonFactory JSON = new JsonFactory();

  private static final Comparator<PolicySummary> POLICIES =
      Comparator.comparing((PolicySummary summary) -> summary.policy().type())
          .thenComparing(summary -> summary.policy().policyDomain())
          .thenComparing(summary -> summary.policy().policyString().toString())
          .thenComparing(summary -> summary.policy().mxHost().toString());

  private static final Comparator<CountedFailure> FAILURES =
      Comparator.comparing((CountedFailure counted) -> counted.failure().type())
          .thenComparing(counted -> counted.failure().reason())
          .thenComparing(counted -> shown(counted.failure().peers()));

  private JsonReport() {}

  /**
   * Whether there is anything to tell by RFC 8460: a session under a policy that it knows, or under
   * none.
   */
  public static boolean tellsOf(DailyReport report) {
    return report.policies().stream().anyMatch(JsonReport::isTold);
  }

  private static boolean isTold(PolicySummary summary) {
    return summary.policy().type() != AppliedPolicy.Type.DRAFT
        && summary.successfulSessions() + summary.failedSessions() > 0;
  }

  /**
   * Writes it.
   *
   * @param reporter who reports
   * @param report of which {@link #tellsOf} holds
   * @return the document, not compressed
   */
  public static byte[] of(Reporter reporter, DailyReport report) {
    List<PolicySummary> told =
        report.policies().stream().filter(JsonReport::isTold).sorted(POLICIES).toList();
    if (told.isEmpty()) {
      throw new IllegalArgumentException("nothing to report to " + report.policyDomain());
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(octets)) {
      // For people, too; the line end is always the same.
      out.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
      ReportPeriod period = ReportPeriod.of(report.day());
      out.writeStartObject();
      string(out, "organization-name", reporter.organizationName());
      out.writeObjectFieldStart("date-range");
      string(out, "start-datetime", period.begin().toString());
      string(out, "end-datetime", period.end().toString());
      out.writeEndObject();
      string(out, "contact-info", reporter.contact().address());
      string(out, "report-id", report.id().value());
      out.writeArrayFieldStart("policies");
      for (PolicySummary summary : told) {
        write(out, summary);
      }
      out.writeEndArray();
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be written", e);
    }
    return octets.toByteArray();
  }

  private static void write(JsonGenerator out, PolicySummary summary) throws IOException {
    AppliedPolicy policy = summary.policy();
    out.writeStartObject();
    out.writeObjectFieldStart("policy");
    string(out, "policy-type", policy.type().keyword());
    strings(out, "policy-string", policy.policyString());
    string(out, "policy-domain", policy.tlsaBase().orElse(policy.policyDomain()).value());
    if (!policy.mxHost().isEmpty()) {
      strings(out, "mx-host", policy.mxHost());
    }
    out.writeEndObject();
    out.writeObjectFieldStart("summary");
    out.writeNumberField("total-successful-session-count", summary.successfulSessions());
    out.writeNumberField("total-failure-session-count", summary.failedSessions());
    out.writeEndObject();
    out.writeArrayFieldStart("failure-details");
    for (CountedFailure counted : summary.failures().stream().sorted(FAILURES).toList()) {
      write(out, counted);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, CountedFailure counted) throws IOException {
    SessionFailure failure = counted.failure();
    out.writeStartObject();
    string(out, "result-type", failure.type().keyword());
    SessionPeers peers = failure.peers();
    optional(out, "sending-mta-ip", peers.sendingIp().map(IpText::of));
    optional(out, "receiving-mx-hostname", peers.receivingMx().map(DomainName::value));
    optional(out, "receiving-mx-helo", peers.receivingHelo());
    optional(out, "receiving-ip", peers.receivingIp().map(IpText::of));
    out.writeNumberField("failed-session-count", counted.sessions());
    optional(
        out,
        "failure-reason-code",
        Optional.of(failure.reason()).filter(reason -> !reason.isEmpty()));
    out.writeEndObject();
  }

  private static void optional(JsonGenerator out, String name, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      string(out, name, value.get());
    }
  }

  private static void strings(JsonGenerator out, String name, List<String> values)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(PlainText.of(value));
    }
    out.writeEndArray();
  }

  private static void string(JsonGenerator out, String name, String value) throws IOException {
    out.writeStringField(name, PlainText.of(value));
  }

  private static String shown(SessionPeers peers) {
    return Stream.of(
            peers.receivingMx().map(DomainName::value),
            peers.receivingIp().map(IpText::of),
            peers.sendingIp().map(IpText::of),
            peers.receivingHelo())
        .map(value -> value.orElse(""))
        .collect(Collectors.joining("\n"));
  }
}
