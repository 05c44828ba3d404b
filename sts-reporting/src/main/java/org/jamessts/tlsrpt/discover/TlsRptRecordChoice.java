package org.jamessts.tlsrpt.discover;

/** What the TXT records at {@code _smtp._tls} say. Only {@link Present} wants reports. */
public sealed interface TlsRptRecordChoice {

  /** What was found, in words for a person to read; bounded and printable. */
  String reason();

  /**
   * The domain wants reports.
   *
   * @param record its record
   */
  record Present(TlsRptRecord record) implements TlsRptRecordChoice {
    @Override
    public String reason() {
      return "reports go to " + record.rua().size() + " place(s)";
    }
  }

  /**
   * The domain wants none: no record begins with {@code v=TLSRPTv1;}, or more than one does (RFC
   * 8460 §3).
   *
   * @param reason for a person to read
   */
  record None(String reason) implements TlsRptRecordChoice {}

  /**
   * The one record is none by the grammar, or names no place that we can send to.
   *
   * @param reason for a person to read; bounded and printable
   */
  record Invalid(String reason) implements TlsRptRecordChoice {}
}
