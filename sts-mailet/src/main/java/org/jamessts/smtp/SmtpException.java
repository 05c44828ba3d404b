package org.jamessts.smtp;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that ended before it came to a result. The connection is closed. All kinds are
 * worth another try, at another host or later; a refusal carries the server's reply, which may say
 * otherwise. The message is a sentence for an operator, without control characters.
 */
public final class SmtpException extends Exception {

  /** What went wrong. */
  public enum Kind {
    /** No TCP connection. */
    CONNECT,
    /** A step took longer than its time, the handshake excepted. */
    TIMEOUT,
    /** The connection was closed or broke. */
    CLOSED,
    /** The server said what SMTP does not allow, or too much. */
    PROTOCOL,
    /** 4xx or 5xx in place of the greeting; {@link #reply} has it. */
    REFUSED_BANNER,
    /** 4xx or 5xx to EHLO, and to HELO where that was tried; {@link #reply} has it. */
    EHLO_REFUSED,
    /** 4xx or 5xx to STARTTLS; {@link #reply} has it. */
    STARTTLS_REFUSED,
    /** Octets in clear after the reply to STARTTLS: somebody tries to have them taken for TLS. */
    STARTTLS_INJECTION,
    /**
     * The handshake failed or took too long, or the server broke the connection right after it,
     * before EHLO was answered.
     */
    TLS_HANDSHAKE,
    /** The server does not offer AUTH, or no mechanism that our credentials are for. */
    AUTH_NOT_OFFERED,
    /** 4xx or 5xx to AUTH (RFC 4954 §6); {@link #reply} has it, without what it repeats of us. */
    AUTH_REFUSED,
    /** The message could not be read on our side; the server got no complete mail. */
    CONTENT_UNREADABLE
  }

  private final Kind kind;
  private final String text;
  private final transient Optional<SmtpReply> reply;
  private final boolean afterData;

  private SmtpException(
      Kind kind,
      String message,
      Optional<SmtpReply> reply,
      boolean afterData,
      @Nullable Throwable cause) {
    super(PrintableText.of(message), cause);
    this.kind = kind;
    this.text = message;
    this.reply = reply;
    this.afterData = afterData;
  }

  static SmtpException of(Kind kind, String message) {
    return new SmtpException(kind, message, Optional.empty(), false, null);
  }

  static SmtpException of(Kind kind, String message, Throwable cause) {
    return new SmtpException(kind, message, Optional.empty(), false, cause);
  }

  static SmtpException refused(Kind kind, String what, SmtpReply reply) {
    return new SmtpException(kind, what + ": " + reply.asText(), Optional.of(reply), false, null);
  }

  /** The same as another kind, for a failure whose place says more than its nature. */
  SmtpException as(Kind other, String where) {
    return new SmtpException(other, where + ": " + text, reply, afterData, this);
  }

  /** The same, with the mail's fate in doubt. */
  SmtpException whenInDoubt() {
    return new SmtpException(kind, text, reply, true, getCause());
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** The server's refusal, for the kinds that are refusals. */
  public Optional<SmtpReply> reply() {
    return reply;
  }

  /**
   * Whether the final dot had been sent and no reply came: the server may have the mail. Sending it
   * again may make a duplicate, not sending it may lose it (RFC 5321 §4.5.3.2.6 prefers the
   * former).
   */
  public boolean afterData() {
    return afterData;
  }
}
