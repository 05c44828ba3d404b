package org.jamessts.dns;

/** Why a question got no answer, on its way to becoming a {@link DnsAnswer.Failed}. */
final class DnsFailureException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Characters; what strangers send stands in some details, whole signatures among it. */
  private static final int MAX_DETAIL = 700;

  private final DnsAnswer.Failure failure;

  DnsFailureException(DnsAnswer.Failure failure, String detail) {
    super(printable(detail));
    this.failure = failure;
  }

  DnsAnswer.Failure failure() {
    return failure;
  }

  /** What happened, for a person to read: printable ASCII of bounded length. */
  String detail() {
    return String.valueOf(getMessage());
  }

  private static String printable(String detail) {
    String cut =
        detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL - 3) + "...";
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
