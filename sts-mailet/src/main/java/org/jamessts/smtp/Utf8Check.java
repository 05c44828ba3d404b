package org.jamessts.smtp;

/** Looks at octets one after another: are they UTF-8 (RFC 3629 §4), and more than ASCII? */
final class Utf8Check {

  private boolean valid = true;
  private boolean beyondAscii;
  private int missing;
  private int lowest = 0x80;
  private int highest = 0xbf;

  void next(byte octet) {
    int b = octet & 0xff;
    beyondAscii |= b > 0x7f;
    if (missing > 0) {
      valid &= b >= lowest && b <= highest;
      missing--;
      lowest = 0x80;
      highest = 0xbf;
    } else if (b > 0x7f) {
      begin(b);
    }
  }

  private void begin(int b) {
    if (b >= 0xc2 && b <= 0xdf) {
      missing = 1;
    } else if (b >= 0xe0 && b <= 0xef) {
      missing = 2;
      // No longer form than necessary, and no surrogates.
      lowest = b == 0xe0 ? 0xa0 : 0x80;
      highest = b == 0xed ? 0x9f : 0xbf;
    } else if (b >= 0xf0 && b <= 0xf4) {
      missing = 3;
      lowest = b == 0xf0 ? 0x90 : 0x80;
      highest = b == 0xf4 ? 0x8f : 0xbf;
    } else {
      valid = false;
    }
  }

  /** Whether there was a character beyond ASCII, and all were UTF-8. */
  boolean isUtf8BeyondAscii() {
    return beyondAscii && valid && missing == 0;
  }
}
