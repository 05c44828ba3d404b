package org.jamessts.testing;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * A way in which a {@link SmtpSink} departs from what a good server does, at one stage of the
 * conversation. A server has any number of them; the first that fits a stage is played.
 */
public sealed interface SmtpEffect {

  /** Where it happens: in place of the answer to this command, or in place of this event. */
  enum Stage {
    /** The greeting. */
    BANNER,
    /** EHLO before TLS. */
    EHLO,
    /** HELO. */
    HELO,
    /** The reply to STARTTLS. */
    STARTTLS,
    /** EHLO in TLS. */
    TLS_EHLO,
    /** The reply to AUTH, or to the last line of its exchange. */
    AUTH,
    /** The reply to MAIL. */
    MAIL,
    /** The reply to any RCPT. */
    RCPT,
    /** The reply to DATA. */
    DATA,
    /** After 354, before content is read; only {@link Silence} and {@link Drop} make sense. */
    CONTENT,
    /** The reply to a chunk that is not the last. */
    CHUNK,
    /**
     * The reply to the final dot, or to the last chunk; content and envelope have been recorded.
     */
    FINAL_DOT,
    /** The reply to RSET. */
    RSET,
    /** The reply to QUIT. */
    QUIT
  }

  /** STARTTLS is not offered, as if somebody in the middle had cut it out. */
  record HideStartTls() implements SmtpEffect {}

  /**
   * Another reply, of whatever form; after a 421 the connection is closed.
   *
   * @param stage where
   * @param text without the last CRLF, one octet for each character
   */
  record Reply(Stage stage, String text) implements SmtpEffect {}

  /**
   * Another reply to some recipients.
   *
   * @param address which; compared with the address without brackets
   * @param text without the last CRLF
   */
  record ReplyToRecipient(Predicate<String> address, String text) implements SmtpEffect {}

  /**
   * The connection is closed in place of the reply.
   *
   * @param stage where
   */
  record Drop(Stage stage) implements SmtpEffect {}

  /**
   * Nothing is read or written any more.
   *
   * @param stage where
   */
  record Silence(Stage stage) implements SmtpEffect {}

  /**
   * The peer ends its side of the TCP connection in place of the reply, and goes on reading.
   *
   * @param stage where
   */
  record EndOutput(Stage stage) implements SmtpEffect {}

  /**
   * The peer reads nothing any more, but keeps the connection: its reply is the last thing it says.
   *
   * @param stage where
   */
  record EndInput(Stage stage) implements SmtpEffect {}

  /**
   * The reply as it should be, after a time.
   *
   * @param stage where
   * @param delay before it
   */
  record Late(Stage stage, Duration delay) implements SmtpEffect {}

  /**
   * The reply as it should be, an octet at a time.
   *
   * @param stage where
   * @param interval between two octets
   */
  record Slow(Stage stage, Duration interval) implements SmtpEffect {}

  /**
   * A reply that never ends, an octet at a time.
   *
   * @param stage where
   * @param interval between two octets
   */
  record Drip(Stage stage, Duration interval) implements SmtpEffect {}

  /**
   * A reply of lines without end, as fast as the client takes them.
   *
   * @param stage where
   * @param line one line with its code and hyphen, without CRLF
   */
  record EndlessReply(Stage stage, String line) implements SmtpEffect {}

  /**
   * The handshake goes wrong.
   *
   * @param fault how
   */
  record Handshake(HandshakeFault fault) implements SmtpEffect {}

  /** How a handshake goes wrong. */
  enum HandshakeFault {
    /** Octets that are no TLS, in answer to the ClientHello. */
    GARBAGE,
    /** The alert handshake_failure, in answer to the ClientHello. */
    ALERT,
    /** The connection is closed, in answer to the ClientHello. */
    CLOSE,
    /** No answer to the ClientHello. */
    SILENCE,
    /** A TLS record that never ends, ten octets a second. */
    DRIP,
    /** The alert certificate_required: with TLS 1.3 it comes when the client thinks it is done. */
    ALERT_AFTER,
    /** The connection is closed as soon as the handshake is done. */
    CLOSE_AFTER
  }

  /**
   * Plaintext in the same packet as the reply to STARTTLS: the injection of a person in the middle.
   *
   * @param text with its line ends
   */
  record InjectAfterStartTls(String text) implements SmtpEffect {}

  /** STARTTLS is not offered. */
  static SmtpEffect hideStartTls() {
    return new HideStartTls();
  }

  /** Another reply at a stage. */
  static SmtpEffect reply(Stage stage, String text) {
    return new Reply(stage, text);
  }

  /** Another reply to one recipient. */
  static SmtpEffect replyTo(String address, String text) {
    return new ReplyToRecipient(address::equals, text);
  }

  /** A server that knows HELO only. */
  static SmtpEffect heloOnly() {
    return new Reply(Stage.EHLO, "502 5.5.1 command not implemented");
  }
}
