package org.jamessts.fuzz;

/** What is fuzzed of reports. */
enum ReportTarget implements FuzzTarget {
  TLSRPT_RECORD(TlsRptRecordTarget.class),
  RECEIVED_REPORT(ReceivedReportTarget.class),
  DRAFT_REPORT(DraftReportTarget.class);

  private final Class<?> entry;

  ReportTarget(Class<?> entry) {
    this.entry = entry;
  }

  @Override
  public Class<?> entry() {
    return entry;
  }

  @Override
  public boolean reads(byte[] input) {
    return switch (this) {
      case TLSRPT_RECORD -> TlsRptRecordTarget.reads(input);
      case RECEIVED_REPORT -> ReceivedReportTarget.reads(input);
      case DRAFT_REPORT -> DraftReportTarget.reads(input);
    };
  }
}
