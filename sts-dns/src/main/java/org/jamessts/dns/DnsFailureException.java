package org.jamessts.dns;

/** Why a question got no answer, on its way to becoming a {@link DnsAnswer.Failed}. */
final class DnsFailureException extends Exception {
  private static final long serialVersionUID = 1L;
  private final DnsAnswer.Failure failure;

  DnsFailureException(DnsAnswer.Failure failure, String detail) {
    super(detail);
    this.failure = failure;
  }

  DnsAnswer.Failure failure() {
    return failure;
  }

  /** What happened, for a person to read. */
  String detail() {
    return String.valueOf(getMessage());
  }
}
