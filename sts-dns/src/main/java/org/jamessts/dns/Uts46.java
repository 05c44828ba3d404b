package org.jamessts.dns;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.util.ICUInputTooLongException;

/**
 * U-labels to A-labels (UTS #46 §4, non-transitional, with its validity criteria but for CONTEXTO,
 * which a lookup does not test: RFC 5891 §5.4). The only class that knows ICU; it is loaded with
 * the first name that is not ASCII, so that other mail does not pay for it.
 */
final class Uts46 {

  /** In UTF-16 units: three for each octet of a name, so that a decomposed one fits too. */
  private static final int MAX_LENGTH = 3 * 253;

  private static final String TOO_LONG = "it has more than 253 octets in A-labels";

  private static final IDNA CONVERTER =
      IDNA.getUTS46Instance(
          IDNA.NONTRANSITIONAL_TO_ASCII
              | IDNA.USE_STD3_RULES
              | IDNA.CHECK_BIDI
              | IDNA.CHECK_CONTEXTJ);

  private Uts46() {}

  /**
   * Converts a whole name, since right-to-left labels put conditions on their neighbours.
   *
   * @param name with any of the four full stops of UTS #46
   * @return the name in A-labels and ASCII labels
   * @throws InvalidDomainNameException when a label breaks a rule: the message says which
   */
  static String toAscii(String name) throws InvalidDomainNameException {
    if (name.length() > MAX_LENGTH) {
      throw new InvalidDomainNameException(name, TOO_LONG);
    }
    StringBuilder ascii = new StringBuilder();
    IDNA.Info info = new IDNA.Info();
    try {
      CONVERTER.nameToASCII(name, ascii, info);
    } catch (ICUInputTooLongException e) {
      // There are characters that stand for many.
      throw new InvalidDomainNameException(name, TOO_LONG);
    }
    if (info.hasErrors()) {
      throw new InvalidDomainNameException(name, reason(info.getErrors().iterator().next()));
    }
    return ascii.toString();
  }

  private static String reason(IDNA.Error error) {
    return switch (error) {
      case EMPTY_LABEL -> "a label is empty";
      case LABEL_TOO_LONG -> "a label has more than 63 octets as an A-label";
      case DOMAIN_NAME_TOO_LONG -> TOO_LONG;
      case LEADING_HYPHEN, TRAILING_HYPHEN -> "a label begins or ends with a hyphen";
      case HYPHEN_3_4 -> "a label has hyphens in third and fourth place";
      case LEADING_COMBINING_MARK -> "a label begins with a combining mark";
      case DISALLOWED -> "a character is not allowed in domain names";
      case PUNYCODE, INVALID_ACE_LABEL, LABEL_HAS_DOT ->
          "a label begins with xn--, but is no A-label";
      case BIDI -> "it breaks the rule for right-to-left labels (RFC 5893 §2)";
      case CONTEXTJ -> "a zero-width joiner or non-joiner is out of place (RFC 5892 A.1, A.2)";
      case CONTEXTO_PUNCTUATION, CONTEXTO_DIGITS -> "a character is out of place";
    };
  }
}
