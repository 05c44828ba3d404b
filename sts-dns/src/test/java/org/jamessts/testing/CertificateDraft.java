package org.jamessts.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What shall stand in a certificate, before somebody signs it: by default a server certificate
 * without a name, from a year ago for two years.
 */
public final class CertificateDraft {

  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final Duration YEAR = Duration.ofDays(365);

  private String commonName = "leaf";
  private Instant notBefore = Instant.now().minus(YEAR).truncatedTo(ChronoUnit.SECONDS);
  private Instant notAfter = Instant.now().plus(YEAR).truncatedTo(ChronoUnit.SECONDS);
  private final List<GeneralName> names = new ArrayList<>();
  private Optional<KeyPurposeId> purpose = Optional.of(KeyPurposeId.id_kp_serverAuth);
  private boolean authority;
  private int keyUsage = KeyUsage.digitalSignature;
  private Optional<Integer> pathLength = Optional.empty();
  private Optional<String> permitted = Optional.empty();
  private String signature = "SHA256withECDSA";

  /** The subject's common name. */
  public CertificateDraft commonName(String name) {
    commonName = name;
    return this;
  }

  /** The first and the last second of its validity. */
  public CertificateDraft valid(Instant from, Instant until) {
    notBefore = from.truncatedTo(ChronoUnit.SECONDS);
    notAfter = until.truncatedTo(ChronoUnit.SECONDS);
    return this;
  }

  /** Names in the subject alternative name; wildcards and nonsense are taken as given. */
  public CertificateDraft dnsNames(String... dnsNames) {
    for (String name : dnsNames) {
      names.add(new GeneralName(GeneralName.dNSName, name));
    }
    return this;
  }

  /** An address in the subject alternative name. */
  public CertificateDraft ipAddress(String address) {
    names.add(new GeneralName(GeneralName.iPAddress, address));
    return this;
  }

  /** Good for TLS clients, not for servers. */
  public CertificateDraft forClients() {
    purpose = Optional.of(KeyPurposeId.id_kp_clientAuth);
    return this;
  }

  /** Says nothing about what it is good for. */
  public CertificateDraft withoutPurpose() {
    purpose = Optional.empty();
    return this;
  }

  /** May sign others, for whatever purpose. */
  public CertificateDraft authority() {
    authority = true;
    keyUsage = KeyUsage.keyCertSign;
    return withoutPurpose();
  }

  /** An authority by name, whose key must not sign certificates. */
  public CertificateDraft authorityThatMayNotSign() {
    authority();
    keyUsage = KeyUsage.digitalSignature;
    return this;
  }

  /** An authority with at most so many others between itself and a server. */
  public CertificateDraft pathLength(int others) {
    pathLength = Optional.of(others);
    return authority();
  }

  /** An authority for servers below one domain only. */
  public CertificateDraft onlyFor(String domain) {
    permitted = Optional.of(domain);
    return authority();
  }

  /** May sign others, for mail signatures and nothing else. */
  public CertificateDraft mailAuthority() {
    authority();
    purpose = Optional.of(KeyPurposeId.id_kp_emailProtection);
    return this;
  }

  /** Signed with this algorithm in place of SHA256withECDSA. */
  public CertificateDraft signedWith(String algorithm) {
    signature = algorithm;
    return this;
  }

  /** A new key of the kind that everything here uses. */
  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signed with its own key. */
  X509Certificate selfSign(KeyPair keys) {
    return sign(keys.getPublic(), subject(), keys.getPrivate());
  }

  /** Signed by an authority. */
  X509Certificate sign(PublicKey subjectKey, X509Certificate issuer, PrivateKey issuerKey) {
    return sign(subjectKey, new X500Name(issuer.getSubjectX500Principal().getName()), issuerKey);
  }

  private X500Name subject() {
    return new X500Name("CN=" + commonName);
  }

  private X509Certificate sign(PublicKey subjectKey, X500Name issuer, PrivateKey issuerKey) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(notBefore),
              Date.from(notAfter),
              subject(),
              subjectKey);
      builder.addExtension(
          Extension.basicConstraints,
          true,
          pathLength.map(BasicConstraints::new).orElseGet(() -> new BasicConstraints(authority)));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
      if (permitted.isPresent()) {
        GeneralSubtree subtree =
            new GeneralSubtree(new GeneralName(GeneralName.dNSName, permitted.get()));
        builder.addExtension(
            Extension.nameConstraints,
            true,
            new NameConstraints(new GeneralSubtree[] {subtree}, null));
      }
      if (purpose.isPresent()) {
        builder.addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose.get()));
      }
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(issuerKey)));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
