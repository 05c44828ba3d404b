package org.jamessts.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of one's own: a root, and leaves with chosen names, dates and flaws. */
public final class PrivateCa {

  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final Duration LONG = Duration.ofDays(365);

  /**
   * A key and its chain, ready for a server.
   *
   * @param key the private key
   * @param chain leaf first
   */
  public record Credential(PrivateKey key, List<X509Certificate> chain) {
    public Credential {
      chain = List.copyOf(chain);
    }

    /** The leaf certificate. */
    public X509Certificate leaf() {
      return chain.get(0);
    }

    /** A server context that presents this chain to everybody. */
    public SSLContext serverContext() {
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key, new char[0], chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final KeyPair keys;
  private final X509Certificate root;

  private PrivateCa(KeyPair keys, X509Certificate root) {
    this.keys = keys;
    this.root = root;
  }

  /** A new authority with a self-signed root. */
  public static PrivateCa create(String commonName) {
    KeyPair keys = newKeys();
    X500Name name = new X500Name("CN=" + commonName);
    Instant now = Instant.now();
    return new PrivateCa(
        keys, sign(name, keys, name, keys, now.minus(LONG), now.plus(LONG), List.of(), true));
  }

  /** The root certificate. */
  public X509Certificate root() {
    return root;
  }

  /** A leaf valid for a year for these DNS names (wildcards and nonsense are taken as given). */
  public Credential issue(String... dnsNames) {
    Instant now = Instant.now();
    return issue(now.minus(Duration.ofDays(1)), now.plus(LONG), dnsNames);
  }

  /** A leaf that ended yesterday. */
  public Credential issueExpired(String... dnsNames) {
    Instant now = Instant.now();
    return issue(now.minus(Duration.ofDays(30)), now.minus(Duration.ofDays(1)), dnsNames);
  }

  /** A leaf with chosen dates. */
  public Credential issue(Instant notBefore, Instant notAfter, String... dnsNames) {
    return issueNamed("leaf", notBefore, notAfter, dnsNames);
  }

  /** A leaf whose name stands only in the common name, as certificates had it before 2000. */
  public Credential issueCommonNameOnly(String commonName) {
    Instant now = Instant.now();
    return issueNamed(commonName, now.minus(Duration.ofDays(1)), now.plus(LONG));
  }

  private Credential issueNamed(
      String commonName, Instant notBefore, Instant notAfter, String... dnsNames) {
    KeyPair leaf = newKeys();
    X500Name subject = new X500Name("CN=" + commonName);
    X500Name issuer = new X500Name(root.getSubjectX500Principal().getName());
    X509Certificate certificate =
        sign(subject, leaf, issuer, keys, notBefore, notAfter, List.of(dnsNames), false);
    return new Credential(leaf.getPrivate(), List.of(certificate, root));
  }

  /** A leaf that nobody vouches for. */
  public static Credential selfSigned(String... dnsNames) {
    KeyPair keys = newKeys();
    X500Name name = new X500Name("CN=self-signed");
    Instant now = Instant.now();
    return new Credential(
        keys.getPrivate(),
        List.of(
            sign(
                name,
                keys,
                name,
                keys,
                now.minus(LONG),
                now.plus(LONG),
                List.of(dnsNames),
                false)));
  }

  /** Writes the root as a PEM file. */
  public void writePem(Path file) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(root);
    }
    Files.writeString(file, text.toString());
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate sign(
      X500Name subject,
      KeyPair subjectKeys,
      X500Name issuer,
      KeyPair issuerKeys,
      Instant notBefore,
      Instant notAfter,
      List<String> dnsNames,
      boolean authority) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(notBefore),
              Date.from(notAfter),
              subject,
              subjectKeys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
      if (!authority) {
        builder.addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      }
      if (!dnsNames.isEmpty()) {
        List<GeneralName> names = new ArrayList<>();
        dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
