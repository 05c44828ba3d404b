package org.jamessts.tlsrpt.document;

/** Strangers' words, fit for a document. */
final class PlainText {

  private static final int REPLACEMENT = 0xfffd;

  private PlainText() {}

  /**
   * The text without what no Unicode encoding can carry and XML 1.0 (§2.2) has no place for: halves
   * of surrogate pairs, control characters, non-characters. I-JSON forbids the first and the last
   * (RFC 7493 §2.1).
   */
  static String of(String text) {
    return text.codePoints().allMatch(PlainText::isPlain)
        ? text
        : text.codePoints()
            .map(c -> isPlain(c) ? c : REPLACEMENT)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static boolean isPlain(int c) {
    boolean control = c < ' ' && c != '\t' && c != '\n' && c != '\r';
    boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    boolean nonCharacter = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
    return !control && !surrogate && !nonCharacter;
  }
}
