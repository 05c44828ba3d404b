package org.jamessts.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jamessts.tlsrpt.receive.ReceivedReport;
import org.jamessts.tlsrpt.receive.ReportReader;
import org.jamessts.tlsrpt.receive.UnreadableReportException;

/** Reports of others (RFC 8460 §4.4), as JSON and as gzip. */
public final class ReceivedReportTarget {

  private ReceivedReportTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
  }

  static boolean reads(byte[] input) {
    Optional<ReceivedReport> report = read(input);
    Optional<byte[]> json = json(input);
    if (report.isEmpty()) {
      return false;
    }
    Claims.that(json.isPresent(), () -> "broken gzip was read: " + report);
    keepsItsPromises(report.get());
    Optional<JsonNode> tree = PlainJson.tree(json.get());
    Claims.that(tree.isPresent(), () -> "what is no JSON was read: " + report);
    Claims.equal(report.get().reportId(), tree.get().path("report-id").textValue(), "the id");
    JsonNode policies = tree.get().path("policies");
    Claims.equal(
        report.get().policies().size(), policies.isArray() ? policies.size() : 1, "how many");
    if (json.get() == input) {
      Claims.equal(read(gzip(input)), report, "the same, compressed");
    }
    return true;
  }

  private static Optional<ReceivedReport> read(byte[] octets) {
    try {
      return Optional.of(ReportReader.read(octets));
    } catch (UnreadableReportException e) {
      Claims.isReason(e.reason());
      return Optional.empty();
    }
  }

  static void keepsItsPromises(ReceivedReport report) {
    Claims.that(!report.reportId().isEmpty(), () -> "no id: " + report);
    Claims.that(!report.end().isBefore(report.begin()), () -> "ends early: " + report);
    for (ReceivedReport.Policy policy : report.policies()) {
      Claims.that(!policy.type().isEmpty(), () -> "no type: " + report);
      Claims.that(
          policy.successfulSessions() >= 0 && policy.failedSessions() >= 0,
          () -> "less than nothing: " + report);
      policy
          .failures()
          .forEach(
              failure ->
                  Claims.that(
                      failure.failedSessions() >= 0 && !failure.resultType().isEmpty(),
                      () -> "no failure: " + failure));
    }
  }

  /** The input itself, or what comes out of its gzip; nothing where that is broken. */
  private static Optional<byte[]> json(byte[] input) {
    if (input.length < 2 || (input[0] & 0xff) != 0x1f || (input[1] & 0xff) != 0x8b) {
      return Optional.of(input);
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(input))) {
      return Optional.of(in.readNBytes(ReportReader.MAX_INFLATED));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static byte[] gzip(byte[] octets) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(octets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
