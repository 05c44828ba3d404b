package org.jamessts.attack.dane;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.jamessts.testing.PrivateCa.Credential;

/** Which TLSA records a host has. */
enum Form {
  /** Its key. */
  EE_KEY(3, 1),
  /** Its certificate. */
  EE_CERTIFICATE(3, 0),
  /** The certificate of who signed it. */
  TA_CERTIFICATE(2, 0),
  /** The key of who signed it. */
  TA_KEY(2, 1),
  /** Of a usage that SMTP does not know (RFC 7672 §3.1.3). */
  UNUSABLE(1, 1);

  private final int usage;
  private final int selector;

  Form(int usage, int selector) {
    this.usage = usage;
    this.selector = selector;
  }

  boolean isTrustAnchor() {
    return usage == 2;
  }

  /** The record of a host, as in a master file. */
  String record(Credential credential) {
    X509Certificate meant = credential.chain().get(isTrustAnchor() ? 1 : 0);
    return "%d %d 1 %s".formatted(usage, selector, digest(meant));
  }

  private String digest(X509Certificate meant) {
    try {
      byte[] selected = selector == 0 ? meant.getEncoded() : meant.getPublicKey().getEncoded();
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(selected));
    } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
