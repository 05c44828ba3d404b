package org.jamessts.dsn;

import java.util.Optional;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.smtp.InvalidMailboxException;
import org.jamessts.smtp.MailboxPath;
import org.jamessts.smtp.PrintableText;

/**
 * An address in the ASCII that headers and status fields need.
 *
 * @param type of the address (RFC 3464 §2.1.2)
 * @param text printable ASCII
 */
record TypedAddress(String type, String text) {

  private static final String RFC822 = "rfc822";

  /** Longer than any that SMTP carries. */
  static final int MAX_LENGTH = 320;

  /**
   * Gives an address such a form. A domain in U-labels gets A-labels. A local part that is not
   * ASCII is escaped (RFC 6533 §3). Of one that SMTP can carry in no way, what cannot be printed
   * becomes {@code ?}.
   */
  static TypedAddress of(String address) {
    return mailbox(address)
        .map(mailbox -> new TypedAddress(RFC822, mailbox.value()))
        .orElseGet(
            () ->
                isInternational(address)
                    ? new TypedAddress("utf-8", escaped(address))
                    : new TypedAddress(RFC822, PrintableText.of(address, MAX_LENGTH)));
  }

  /** The address as SMTP carries it without SMTPUTF8; empty when it cannot. */
  static Optional<MailboxPath> mailbox(String address) {
    try {
      return Optional.of(MailboxPath.parseInternational(address))
          .filter(mailbox -> !mailbox.needsSmtpUtf8());
    } catch (InvalidMailboxException | InvalidDomainNameException e) {
      return Optional.empty();
    }
  }

  /** Whether it has characters beyond ASCII, and none that hides or controls. */
  private static boolean isInternational(String address) {
    return address.length() <= MAX_LENGTH
        && PrintableText.ofAddress(address).equals(address)
        && address.chars().anyMatch(c -> c > '~');
  }

  /** RFC 6533 §3, utf-8-addr-xtext. */
  private static String escaped(String address) {
    StringBuilder text = new StringBuilder();
    address.codePoints().forEach(c -> text.append(isPlain(c) ? Character.toString(c) : escape(c)));
    return text.toString();
  }

  private static boolean isPlain(int c) {
    return c > ' ' && c <= '~' && c != '\\' && c != '+' && c != '=';
  }

  private static String escape(int c) {
    return "\\x{%02X}".formatted(c);
  }

  /** The value of a field that names the address. */
  @Override
  public String toString() {
    return type + "; " + text;
  }
}
