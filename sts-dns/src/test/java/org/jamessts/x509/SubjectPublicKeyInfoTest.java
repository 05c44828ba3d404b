package org.jamessts.x509;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectPublicKeyInfoTest {

  private static final X500Name NAME = new X500Name("CN=a");
  private static final Date DATE = Date.from(Instant.parse("2026-05-01T12:00:00Z"));

  @ParameterizedTest
  @CsvSource({"RSA, 2048", "RSASSA-PSS, 2048", "EC, 256", "EC, 521", "EdDSA, 255", "EdDSA, 448"})
  void keysOfAllKindsShouldBeFoundAndRead(String algorithm, int size) throws Exception {
    KeyPair keys = keys(algorithm, size);
    byte[] written = keys.getPublic().getEncoded();
    X509Certificate certificate =
        version3(org.bouncycastle.asn1.x509.SubjectPublicKeyInfo.getInstance(written), signer());

    assertThat(SubjectPublicKeyInfo.of(certificate)).isEqualTo(written);
    assertThat(SubjectPublicKeyInfo.parse(written)).contains(keys.getPublic());
  }

  // Version 1 has no field for its version.
  @Test
  void keyShouldBeFoundInACertificateOfVersion1() throws Exception {
    KeyPair keys = keys("EC", 256);
    byte[] written = keys.getPublic().getEncoded();
    X509CertificateHolder made =
        new X509v1CertificateBuilder(
                NAME,
                BigInteger.ONE,
                DATE,
                DATE,
                NAME,
                org.bouncycastle.asn1.x509.SubjectPublicKeyInfo.getInstance(written))
            .build(signer());

    assertThat(SubjectPublicKeyInfo.of(read(made))).isEqualTo(written);
  }

  // The JDK would write a NULL where the certificate has none; its digest would match no record.
  @Test
  void keyShouldBeAsItStandsInTheCertificate() throws Exception {
    KeyPair keys = keys("RSA", 2048);
    org.bouncycastle.asn1.x509.SubjectPublicKeyInfo unusual =
        new org.bouncycastle.asn1.x509.SubjectPublicKeyInfo(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption),
            org.bouncycastle.asn1.x509.SubjectPublicKeyInfo.getInstance(
                    keys.getPublic().getEncoded())
                .parsePublicKey());
    X509Certificate certificate = version3(unusual, signer());

    assertThat(SubjectPublicKeyInfo.of(certificate))
        .isEqualTo(unusual.getEncoded())
        .isNotEqualTo(certificate.getPublicKey().getEncoded());
  }

  @Test
  void parseShouldFindNoKeyInAnythingElse() throws Exception {
    assertThat(SubjectPublicKeyInfo.parse(new byte[0])).isEmpty();
    assertThat(SubjectPublicKeyInfo.parse(new byte[] {0x30, 0})).isEmpty();
    // A key for key agreement signs nothing.
    assertThat(SubjectPublicKeyInfo.parse(keys("XDH", 255).getPublic().getEncoded())).isEmpty();
  }

  private static KeyPair keys(String algorithm, int size) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair();
  }

  private static ContentSigner signer() throws Exception {
    return new JcaContentSignerBuilder("SHA256withECDSA").build(keys("EC", 256).getPrivate());
  }

  private static X509Certificate version3(
      org.bouncycastle.asn1.x509.SubjectPublicKeyInfo key, ContentSigner signer) throws Exception {
    return read(
        new X509v3CertificateBuilder(NAME, BigInteger.ONE, DATE, DATE, NAME, key).build(signer));
  }

  private static X509Certificate read(X509CertificateHolder made) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(made.getEncoded()));
  }
}
