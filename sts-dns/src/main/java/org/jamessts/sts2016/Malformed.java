package org.jamessts.sts2016;

/** A text that is no value of the draft; it becomes the {@code Invalid} of a public result. */
final class Malformed extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  Malformed(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** What is wrong, for a person to read; bounded and printable. */
  String reason() {
    return reason;
  }
}
