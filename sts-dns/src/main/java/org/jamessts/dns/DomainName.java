package org.jamessts.dns;

import java.net.InetAddress;
import java.util.Locale;
import org.xbill.DNS.ReverseMap;

/**
 * A host or mail domain name in the form in which it is looked up and compared: lower-case A-labels
 * without the root dot. {@link #parse} and {@link #parseInternational} are the only ways to get
 * one, so a {@code DomainName} never holds an address literal, an underscore label or a U-label.
 *
 * @param value the name, 1 to 253 octets, labels of 1 to 63 letters, digits and inner hyphens (RFC
 *     5321 §2.3.5, RFC 1123 §2.1)
 */
public record DomainName(String value) implements Comparable<DomainName> {

  private static final int MAX_LENGTH = 253;
  private static final int MAX_LABEL = 63;

  /** Use {@link #parse}; this checks what it is given, so that no other door opens. */
  public DomainName {
    if (!isCanonical(value)) {
      throw new IllegalArgumentException("not a canonical domain name: " + value);
    }
  }

  /**
   * Reads a name as it stands in an MX record or in a policy, where only A-labels may stand (RFC
   * 8461 §3.2).
   *
   * @param text the name; case and one trailing root dot do not matter
   * @return the canonical name
   * @throws InvalidDomainNameException when the text is no host name: the message says why
   */
  public static DomainName parse(String text) throws InvalidDomainNameException {
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    // Length first: the rest looks at every character of a stranger's text.
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      throw new InvalidDomainNameException(text, "its length is not 1 to 253");
    }
    if (!isAscii(name)) {
      throw new InvalidDomainNameException(text, "it is not in A-label (xn--) form");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (!isCanonical(lower)) {
      throw new InvalidDomainNameException(
          text, "a label is not 1 to 63 letters, digits or inner hyphens, or the last is a number");
    }
    return new DomainName(lower);
  }

  /**
   * Reads a name as a person writes it: after an {@code @}, or in a setting. U-labels become
   * A-labels (IDNA2008, RFC 5891 §5, by way of UTS #46 without its transitional mappings). A name
   * in ASCII is read as {@link #parse} reads it, so A-labels are taken as they are, whatever they
   * decode to: the DNS knows whether they exist (§5.3 leaves that test to us).
   *
   * @param text the name; case, width, one trailing root dot and the kind of dots do not matter
   * @return the canonical name
   * @throws InvalidDomainNameException when no domain can have this name: the message says why
   */
  public static DomainName parseInternational(String text) throws InvalidDomainNameException {
    return parse(isAscii(text) ? text : Uts46.toAscii(text));
  }

  /**
   * Stands for an address where a host has no name: the name under which the reverse DNS knows it
   * (RFC 1035 §3.5, RFC 3596 §2.5).
   */
  public static DomainName ofAddress(InetAddress address) {
    return new DomainName(ReverseMap.fromAddress(address).toString(true).toLowerCase(Locale.ROOT));
  }

  /** Whether it stands for an address. Such a name has no policy (RFC 8461 §3.4). */
  public boolean isOfAddress() {
    return value.endsWith(".in-addr.arpa") || value.endsWith(".ip6.arpa");
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** In one pass, since each mail has several names. */
  private static boolean isCanonical(String name) {
    int length = name.length();
    if (length > MAX_LENGTH) {
      return false;
    }
    int begin = 0;
    for (int i = 0; i <= length; i++) {
      if (i == length || name.charAt(i) == '.') {
        if (!isLabel(name, begin, i)) {
          return false;
        }
        begin = i + 1;
      }
    }
    // An all-numeric last label would make 192.0.2.1 a name (RFC 3696 §2).
    return !isNumber(name, name.lastIndexOf('.') + 1);
  }

  private static boolean isLabel(String name, int begin, int end) {
    if (begin == end || end - begin > MAX_LABEL) {
      return false;
    }
    for (int i = begin; i < end; i++) {
      char c = name.charAt(i);
      boolean inner = c == '-' && i > begin && i < end - 1;
      if (!inner && (c < 'a' || c > 'z') && !isDigit(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(String name, int begin) {
    for (int i = begin; i < name.length(); i++) {
      if (!isDigit(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  @Override
  public int compareTo(DomainName other) {
    return value.compareTo(other.value);
  }

  /** The name itself, so that messages and log lines read naturally. */
  @Override
  public String toString() {
    return value;
  }
}
