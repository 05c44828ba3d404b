package org.jamessts.smtp;

/** What became of one recipient. */
public sealed interface RecipientResult {

  /** Whom this is about. */
  MailboxPath recipient();

  /**
   * The server has taken responsibility for the mail (RFC 5321 §6.1).
   *
   * @param recipient whom this is about
   * @param reply to the final dot
   * @param reportsSuccess whether it was told, and understands, what the sender wants to be told
   *     (RFC 3461 §5.2.1)
   */
  record Accepted(MailboxPath recipient, SmtpReply reply, boolean reportsSuccess)
      implements RecipientResult {}

  /**
   * The server said no: to this recipient, or to the mail as a whole.
   *
   * @param recipient whom this is about
   * @param reply 4xx or 5xx, to RCPT, or to MAIL, DATA or the final dot
   */
  record Refused(MailboxPath recipient, SmtpReply reply) implements RecipientResult {}

  /**
   * This server lacks an extension that the mail needs for this recipient. Nothing was sent;
   * another server may have it.
   *
   * @param recipient whom this is about
   * @param reply 5xx, in the server's place
   */
  record Unable(MailboxPath recipient, SmtpReply reply) implements RecipientResult {}

  /**
   * Not refused, but nothing was sent: somebody else was refused, and all get the mail or none
   * ({@link MailOptions#allOrNone}).
   *
   * @param recipient whom this is about
   * @param refusal of the other
   */
  record HeldBack(MailboxPath recipient, SmtpReply refusal) implements RecipientResult {}

  /**
   * The conversation failed before this recipient's turn was over, after others had been accepted
   * or refused.
   *
   * @param recipient whom this is about
   * @param failure what {@link SmtpConnection#send} would have thrown
   */
  record Unsettled(MailboxPath recipient, SmtpException failure) implements RecipientResult {}
}
