package org.jamessts.tlsrpt.receive;

/** Octets that are no report. The message says why, for a person to read; bounded and printable. */
public final class UnreadableReportException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of trouble it is. */
  public enum Kind {
    /** It has, or would have when inflated, more octets than are taken. */
    TOO_LARGE,
    /** It is not the gzip that it says it is, or breaks off. */
    NOT_GZIP,
    /** It is no JSON, or not that of RFC 8460 §4.4 even when read with good will. */
    NOT_A_REPORT
  }

  private final Kind kind;

  UnreadableReportException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What kind of trouble it is. */
  public Kind kind() {
    return kind;
  }

  /** The message, which is never missing. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
