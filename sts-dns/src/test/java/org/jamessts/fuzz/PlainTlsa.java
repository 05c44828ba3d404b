package org.jamessts.fuzz;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** TLSA records as RFC 6698 §2.1 has them, octet by octet, and which of them count. */
final class PlainTlsa {

  private static final int FIELDS = 3;
  private static final int MOST = 32;
  private static final List<String> KEYS = List.of("RSA", "RSASSA-PSS", "EC", "Ed25519", "Ed448");

  private PlainTlsa() {}

  /** Of all, those that can be used, then of each kind the strongest, then the first few. */
  static List<byte[]> chosen(List<byte[]> all) {
    List<byte[]> usable = new ArrayList<>();
    for (byte[] rdata : all) {
      if (isUsable(rdata) && usable.stream().noneMatch(other -> Arrays.equals(other, rdata))) {
        usable.add(rdata);
      }
    }
    List<byte[]> chosen = new ArrayList<>();
    for (byte[] rdata : usable) {
      // RFC 7671 §9: of the digests of one usage and selector, the longest.
      boolean isWeak =
          rdata[2] == 1
              && usable.stream().anyMatch(o -> o[0] == rdata[0] && o[1] == rdata[1] && o[2] == 2);
      if (!isWeak && chosen.size() < MOST) {
        chosen.add(rdata);
      }
    }
    return chosen;
  }

  /** RFC 6698 §4.1; and only what RFC 7672 §3.1 has for SMTP: DANE-TA and DANE-EE. */
  private static boolean isUsable(byte[] rdata) {
    byte[] data = Arrays.copyOfRange(rdata, FIELDS, rdata.length);
    boolean isForSmtp = (rdata[0] == 2 || rdata[0] == 3) && (rdata[1] == 0 || rdata[1] == 1);
    return isForSmtp
        && switch (rdata[2]) {
          case 0 -> isOneValue(data) && (rdata[1] == 0 ? isCertificate(data) : isKey(data));
          case 1 -> data.length == 256 / 8;
          case 2 -> data.length == 512 / 8;
          default -> false;
        };
  }

  /** A SEQUENCE with a length (X.690 §8.1.3) that leads exactly to the end. */
  private static boolean isOneValue(byte[] data) {
    if (data.length < 2 || data[0] != 0x30) {
      return false;
    }
    int octets = data[1] < 0 ? data[1] & 0x7f : 0;
    long length = data[1] < 0 ? 0 : data[1];
    if (data[1] == (byte) 0x80 || octets > 3 || data.length < 2 + octets) {
      return false;
    }
    for (int i = 0; i < octets; i++) {
      length = 256 * length + (data[2 + i] & 0xff);
    }
    return length == data.length - 2 - octets;
  }

  private static boolean isCertificate(byte[] data) {
    try {
      return CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(data))
              .size()
          == 1;
    } catch (CertificateException e) {
      return false;
    }
  }

  private static boolean isKey(byte[] data) {
    for (String algorithm : KEYS) {
      try {
        KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(data));
        return true;
      } catch (GeneralSecurityException e) {
        // Perhaps a key of the next kind.
      }
    }
    return false;
  }
}
