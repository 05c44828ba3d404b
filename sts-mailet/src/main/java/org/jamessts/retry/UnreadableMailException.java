package org.jamessts.retry;

/** What was kept of a mail does not make a mail again; the message says why. */
final class UnreadableMailException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableMailException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
