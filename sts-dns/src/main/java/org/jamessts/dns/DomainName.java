package org.jamessts.dns;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host or mail domain name in the form in which it is looked up and compared: lower-case A-labels
 * without the root dot. {@link #parse} is the only way to get one, so a {@code DomainName} never
 * holds an address literal, an underscore label or a U-label.
 *
 * @param value the name, 1 to 253 octets, labels of 1 to 63 letters, digits and inner hyphens (RFC
 *     5321 §2.3.5, RFC 1123 §2.1)
 */
public record DomainName(String value) implements Comparable<DomainName> {

  private static final int MAX_LENGTH = 253;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern ALL_DIGITS = Pattern.compile("[0-9]+");

  /** Use {@link #parse}; this checks what it is given, so that no other door opens. */
  public DomainName {
    if (!isCanonical(value)) {
      throw new IllegalArgumentException("not a canonical domain name: " + value);
    }
  }

  /**
   * Reads a name as it stands after an {@code @}, in an MX record or in a policy.
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
    if (name.chars().anyMatch(c -> c > 0x7e)) {
      // java.net.IDN is IDNA2003, which maps some names to a different domain: refuse, never guess.
      throw new InvalidDomainNameException(text, "it is not in A-label (xn--) form");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (!isCanonical(lower)) {
      throw new InvalidDomainNameException(
          text, "a label is not 1 to 63 letters, digits or inner hyphens, or the last is a number");
    }
    return new DomainName(lower);
  }

  private static boolean isCanonical(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      return false;
    }
    String[] labels = name.split("\\.", -1);
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return false;
      }
    }
    // An all-numeric last label would make 192.0.2.1 a name (RFC 3696 §2).
    return !ALL_DIGITS.matcher(labels[labels.length - 1]).matches();
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
