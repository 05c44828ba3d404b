package org.jamessts.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A key with which a server signs its TLS reports (RFC 6376), and the sample configuration that
 * uses it.
 *
 * @param keys of 2048 bits, RSA
 * @param domain that signs
 */
public record DkimKey(KeyPair keys, String domain) {

  private static final int BITS = 2048;
  private static final String SELECTOR = "tls1";

  /** A TXT string has at most 255 octets. */
  private static final int HALF = 200;

  /** A new key. */
  public static DkimKey create(String domain) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return new DkimKey(generator.generateKeyPair(), domain);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JRE has RSA", e);
    }
  }

  /** Where the public key is looked up. */
  public String recordName() {
    return SELECTOR + "._domainkey." + domain;
  }

  /** The strings of the TXT record with the public key. */
  public String[] recordStrings() {
    String key = Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    return new String[] {"v=DKIM1; k=rsa; p=" + key.substring(0, HALF), key.substring(HALF)};
  }

  /** Writes the private key, as the sample configuration expects it in {@code conf/dkim.pem}. */
  public void write(Path file) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
  }

  /**
   * The sample configuration with its signing mailet, which stands in a comment there.
   *
   * @param mailetContainer the text of {@code mailetcontainer.xml}
   */
  public String signing(String mailetContainer) {
    return mailetContainer
        .replace("<!-- DKIM\n", "")
        .replace("DKIM -->\n", "")
        .replace("d=ours.example;", "d=" + domain + ";");
  }
}
