package org.jamessts.dsn;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jamessts.smtp.PrintableText;

/**
 * What goes back of the mail that a notification is about: the third part of the report (RFC 6522
 * §3).
 */
public final class ReturnedMail {

  private static final int MAX_HEADERS = 32 * 1024;
  private static final int MAX_LINE = 998;

  private final String mediaType;
  private final boolean eightBit;
  private final byte[] content;

  private ReturnedMail(String mediaType, boolean eightBit, byte[] content) {
    this.mediaType = mediaType;
    this.eightBit = eightBit;
    this.content = content;
  }

  /**
   * The header alone; cut where it is long. What is not printable ASCII becomes {@code ?}.
   *
   * @param fields each with its name; they may be folded
   */
  public static ReturnedMail headers(List<String> fields) {
    StringBuilder header = new StringBuilder();
    for (String field : fields) {
      for (String line : field.lines().toList()) {
        if (header.length() + MAX_LINE > MAX_HEADERS) {
          return headers(header);
        }
        // An empty line would end the header.
        if (!line.isBlank()) {
          header.append(PrintableText.of(line, MAX_LINE)).append(Lines.END);
        }
      }
    }
    return headers(header);
  }

  private static ReturnedMail headers(StringBuilder header) {
    return new ReturnedMail(
        "text/rfc822-headers", false, header.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * The whole mail, octet for octet.
   *
   * @param content which {@linkplain #isReturnable can} stand within another mail
   */
  public static ReturnedMail whole(byte[] content) {
    boolean eightBit = false;
    for (byte octet : content) {
      eightBit |= octet < 0;
    }
    return new ReturnedMail("message/rfc822", eightBit, content.clone());
  }

  /** Whether content has only lines that any mail may have (RFC 5322 §2.1.1, RFC 2045 §2.8). */
  public static boolean isReturnable(byte[] content) {
    int length = 0;
    for (byte octet : content) {
      if (octet == '\n') {
        length = 0;
      } else if (octet == 0 || (octet != '\r' && ++length > MAX_LINE)) {
        return false;
      }
    }
    return true;
  }

  /** The media type of the part. */
  String mediaType() {
    return mediaType;
  }

  /** The transfer encoding of the part, and so of the whole report (RFC 2045 §6.4). */
  String encoding() {
    return eightBit ? "8bit" : "7bit";
  }

  /** The content in ISO 8859-1: a character for an octet. */
  String content() {
    return new String(content, StandardCharsets.ISO_8859_1);
  }
}
