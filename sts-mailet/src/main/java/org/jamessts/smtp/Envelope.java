package org.jamessts.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who a mail is from and for, safe to write on the wire.
 *
 * @param reversePath where failures go; empty is the null reverse path {@code <>} (RFC 5321 §4.5.5)
 * @param recipients at least one, in the order of their RCPT commands
 * @param options what else is asked
 */
public record Envelope(
    Optional<MailboxPath> reversePath, List<MailboxPath> recipients, MailOptions options) {

  public Envelope {
    recipients = List.copyOf(recipients);
    if (recipients.isEmpty()) {
      throw new IllegalArgumentException("a mail has at least one recipient");
    }
  }

  /** Of a mail for which nothing else is asked. */
  public Envelope(Optional<MailboxPath> reversePath, List<MailboxPath> recipients) {
    this(reversePath, recipients, MailOptions.NONE);
  }

  /**
   * Reads an envelope.
   *
   * @param reversePath an address without brackets, or the empty text for {@code <>}
   * @param recipients addresses without brackets, at least one
   * @throws InvalidMailboxException for the first address that SMTP cannot carry
   */
  public static Envelope parse(String reversePath, List<String> recipients)
      throws InvalidMailboxException {
    Optional<MailboxPath> from =
        reversePath.isEmpty() ? Optional.empty() : Optional.of(MailboxPath.parse(reversePath));
    List<MailboxPath> to = new ArrayList<>();
    for (String recipient : recipients) {
      to.add(MailboxPath.parse(recipient));
    }
    return new Envelope(from, to);
  }

  /** The same mail for some of its recipients. */
  public Envelope withRecipients(List<MailboxPath> some) {
    return new Envelope(reversePath, some, options);
  }

  /** Whether an address is not ASCII (RFC 6531). */
  boolean needsSmtpUtf8() {
    return reversePath.filter(MailboxPath::needsSmtpUtf8).isPresent()
        || recipients.stream().anyMatch(MailboxPath::needsSmtpUtf8);
  }
}
