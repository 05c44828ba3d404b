package org.jamessts.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jamessts.tlsrpt.receive.ReportReader;
import org.junit.jupiter.api.Test;

class ReportTextTest {

  /** In JSON: clears a terminal, and begins a line of its own. */
  private static final String HOSTILE = "\\u001b[2J\\u0007\\u009b1m\\r\\n\\u202eforged";

  private static final String REPORT =
      """
      {"organization-name": "org%1$s", "contact-info": "contact%1$s", "report-id": "id%1$s",
       "date-range": {"start-datetime": "2026-04-01T00:00:00Z",
                      "end-datetime": "2026-04-01T23:59:59Z"},
       "policies": [{
         "policy": {"policy-type": "sts%1$s", "policy-string": ["string%1$s"],
                    "policy-domain": "domain%1$s", "mx-host": ["host%1$s"]},
         "summary": {"total-successful-session-count": 1, "total-failure-session-count": 2},
         "failure-details": [{
           "result-type": "type%1$s", "receiving-mx-hostname": "mx%1$s",
           "failed-session-count": 2, "failure-reason-code": "reason%1$s",
           "additional-information": "more%1$s"}]}]}
      """
          .formatted(HOSTILE);

  @Test
  void nothingThatAStrangerReportsShouldMoveTheCursorOrBeginALine() throws Exception {
    String text = ReportText.of(ReportReader.readAny(REPORT.getBytes(UTF_8)));

    assertThat(text).contains("org", "id", "domain", "string", "host", "mx", "reason");
    assertThat(text.replace("\n", "")).as("printable").matches("[\\x20-\\x7e]+");
    assertThat(text.lines()).noneMatch(line -> line.startsWith("forged"));
  }
}
