package org.jamessts.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;

/**
 * An address as it stands between the angle brackets of MAIL or RCPT (RFC 5321 §4.1.2). A {@code
 * MailboxPath} that exists is safe to write on the wire: it holds printable characters only, no
 * angle bracket, and no space outside a quoted local part, so it cannot end the command, nor the
 * path, nor add a parameter. Quoted angle brackets, which RFC 5321 allows, are refused too: there
 * are servers that take the first one for the end of the path and deliver to somebody else.
 *
 * <p>Two common departures from the grammar are let through, since mail to them is delivered every
 * day and they endanger nothing: dots anywhere in a local part, and underscores in a domain. Source
 * routes are refused (RFC 5321 §3.3: they should not be generated).
 *
 * @param value local part, {@code @}, domain or address literal; at most 254 octets, so that the
 *     path with its brackets has 256 (§4.5.3.1.3)
 */
public record MailboxPath(String value) {

  private static final int MAX_LENGTH = 254;
  private static final int MAX_DOMAIN = 255;
  private static final Pattern ATOMS = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+");
  // One possessive run: no backtracking over a stranger's text.
  private static final Pattern QUOTED =
      Pattern.compile("\"(?:[ !#-;=?-\\[\\]-~]|\\\\[ -;=?-~])*+\"");
  private static final Pattern DOMAIN =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?");
  private static final Pattern BEYOND_ASCII = Pattern.compile("[^\\x00-\\x7f]");
  private static final Pattern LITERAL = Pattern.compile("\\[[A-Za-z0-9:.-]+]");

  /** Use {@link #parse}; this checks what it is given, so that no other door opens. */
  public MailboxPath {
    Optional<String> fault = fault(value, true);
    if (fault.isPresent()) {
      throw new IllegalArgumentException("not a mailbox: " + fault.get());
    }
  }

  /**
   * Reads an address without angle brackets.
   *
   * @param text the address
   * @return the same text, known to be safe
   * @throws InvalidMailboxException when the text is no such address: the message says why
   */
  public static MailboxPath parse(String text) throws InvalidMailboxException {
    return parse(text, text, false);
  }

  private static MailboxPath parse(String given, String path, boolean international)
      throws InvalidMailboxException {
    Optional<String> fault = fault(path, international);
    if (fault.isPresent()) {
      throw new InvalidMailboxException(given, fault.get());
    }
    return new MailboxPath(path);
  }

  /**
   * Reads an address that may hold characters beyond ASCII. Its domain gets A-labels, which every
   * server understands; for a local part there is no such form (RFC 6531 §3.2).
   *
   * @param text the address, without angle brackets
   * @return the same text, but for a domain that is not ASCII
   * @throws InvalidMailboxException when the text is no address
   * @throws InvalidDomainNameException when its domain is not ASCII, and no name either
   */
  public static MailboxPath parseInternational(String text)
      throws InvalidMailboxException, InvalidDomainNameException {
    int at = text.lastIndexOf('@');
    String domain = text.substring(at + 1);
    return isAscii(domain)
        ? parse(text, text, true)
        : parse(text, text.substring(0, at + 1) + DomainName.parseInternational(domain), true);
  }

  /** Whether only a server with SMTPUTF8 understands it (RFC 6531). */
  public boolean needsSmtpUtf8() {
    return !isAscii(value);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c <= 0x7f);
  }

  private static Optional<String> fault(String text, boolean international) {
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_LENGTH) {
      return Optional.of("it is longer than " + MAX_LENGTH + " octets");
    }
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      return Optional.of("it holds a control character");
    }
    if (!international && !isAscii(text)) {
      return Optional.of("it holds a character that is not ASCII, which needs SMTPUTF8");
    }
    if (!PrintableText.ofAddress(text).equals(text)) {
      return Optional.of("it holds a character that cannot be seen");
    }
    if (!isAscii(text.substring(text.lastIndexOf('@') + 1))) {
      return Optional.of("its domain is not in A-labels");
    }
    return syntaxFault(BEYOND_ASCII.matcher(text).replaceAll("x"));
  }

  /** RFC 6531 §3.3: beyond ASCII, every character may stand where a letter may. */
  private static Optional<String> syntaxFault(String text) {
    int at = text.lastIndexOf('@');
    if (at < 1) {
      return Optional.of("it has no local part or no domain");
    }
    String local = text.substring(0, at);
    if (!ATOMS.matcher(local).matches() && !QUOTED.matcher(local).matches()) {
      return Optional.of("its local part is neither a dot-string nor a quoted string");
    }
    String domain = text.substring(at + 1);
    if (domain.length() > MAX_DOMAIN
        || (!DOMAIN.matcher(domain).matches() && !LITERAL.matcher(domain).matches())) {
      return Optional.of("its domain is neither a name nor an address literal");
    }
    return Optional.empty();
  }

  /** The address itself, without brackets. */
  @Override
  public String toString() {
    return value;
  }
}
