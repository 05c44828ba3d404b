package org.jamessts.tlsrpt.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.tlsrpt.testing.SampleReports.REPORTER;
import static org.jamessts.tlsrpt.testing.SampleReports.report;
import static org.jamessts.tlsrpt.testing.SampleReports.sts;

import java.io.ByteArrayInputStream;
import java.util.zip.GZIPInputStream;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;

class ReportFileTest {

  /** RFC 8460 §5.1; seconds since 1970. */
  @Test
  @Rule(value = "RFC 8460 T10", in = ReportFile.class)
  void nameShouldTellWhoReportsWhomAndWhen() {
    assertThat(ReportFile.ofJson(REPORTER, report(sts())).name())
        .isEqualTo(
            "ours.example!example.com!1795651200!1795737599!0123456789abcdef0123456789abcdef.json.gz");
  }

  @Test
  @Rule(value = "RFC 8460 T11", in = ReportFile.class)
  void contentShouldBeTheDocumentCompressed() throws Exception {
    ReportFile file = ReportFile.ofJson(REPORTER, report(sts()));

    assertThat(file.mediaType()).isEqualTo("application/tlsrpt+gzip");
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file.content()))) {
      assertThat(in.readAllBytes()).isEqualTo(JsonReport.of(REPORTER, report(sts())));
    }
  }

  /** RFC 1952 §2.3: no time, no name, no operating system. */
  @Test
  void compressionShouldAddNothingOfItsOwn() {
    byte[] content = ReportFile.ofJson(REPORTER, report(sts())).content();

    assertThat(content).isEqualTo(ReportFile.ofJson(REPORTER, report(sts())).content());
    assertThat(content).startsWith(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
  }
}
