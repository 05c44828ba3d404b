package org.jamessts.tlsrpt.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.jamessts.tlsrpt.DailyReport;

/**
 * The file in which a report travels.
 *
 * @param name RFC 8460 §5.1; ASCII, fit for a header line
 * @param mediaType of the content
 * @param content shared, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReportFile(String name, String mediaType, byte[] content) {

  /** {@code application/tlsrpt+gzip} of RFC 8460 §6.5. */
  public static final String GZIPPED_JSON = "application/tlsrpt+gzip";

  /** Of the report of the draft of 2016, which names none. */
  public static final String XML = "application/xml";

  private static final int HEADER_SYSTEM = 9;
  private static final byte UNKNOWN_SYSTEM = (byte) 255;

  /** The report of RFC 8460, compressed as §5.2 wants it. */
  public static ReportFile ofJson(Reporter reporter, DailyReport report) {
    return new ReportFile(
        name(reporter, report) + ".json.gz", GZIPPED_JSON, gzip(JsonReport.of(reporter, report)));
  }

  /**
   * The report of the draft.
   *
   * @param maxOctets above which what hosts showed is left out
   */
  public static ReportFile ofDraft(
      Reporter reporter, DailyReport report, DraftReport draft, OptionalLong maxOctets) {
    return new ReportFile(name(reporter, report) + ".xml", XML, draft.within(maxOctets));
  }

  private static String name(Reporter reporter, DailyReport report) {
    ReportPeriod period = ReportPeriod.of(report.day());
    return String.join(
        "!",
        reporter.domain().value(),
        report.policyDomain().value(),
        Long.toString(period.begin().getEpochSecond()),
        Long.toString(period.end().getEpochSecond()),
        report.id().value());
  }

  /** Without a time, and without the operating system, of which Java versions say two things. */
  private static byte[] gzip(byte[] octets) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(octets);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be written", e);
    }
    byte[] compressed = out.toByteArray();
    compressed[HEADER_SYSTEM] = UNKNOWN_SYSTEM;
    return compressed;
  }
}
