package org.jamessts.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jamessts.testing.PrivateCa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustAnchorsTest {

  private static final PrivateCa FIRST = PrivateCa.create("first");
  private static final PrivateCa SECOND = PrivateCa.create("second");

  @TempDir Path directory;

  @Test
  void readShouldTakeEveryCertificateOfAPemBundle() throws Exception {
    assertThat(roots(TrustAnchors.read(pem("# two roots\n", "\n"), "")))
        .containsExactlyInAnyOrder(FIRST.root(), SECOND.root());
  }

  @ParameterizedTest(name = "{0} with password \"{1}\"")
  @CsvSource({"PKCS12, secret", "PKCS12, ''", "JKS, secret"})
  void readShouldTakeEveryCertificateOfAKeyStore(String type, String password) throws Exception {
    assertThat(roots(TrustAnchors.read(store(type, password), password)))
        .containsExactlyInAnyOrder(FIRST.root(), SECOND.root());
  }

  @Test
  void readShouldTakeAPkcs12StoreThatHasNoPassword() throws Exception {
    Path file = directory.resolve("roots");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("first", FIRST.root());
    System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
    System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, null);
    } finally {
      System.clearProperty("keystore.pkcs12.certProtectionAlgorithm");
      System.clearProperty("keystore.pkcs12.macAlgorithm");
    }

    assertThat(roots(TrustAnchors.read(file, ""))).containsExactly(FIRST.root());
  }

  @ParameterizedTest
  @CsvSource({"PKCS12, wrong", "PKCS12, ''", "JKS, wrong", "JKS, ''"})
  void readShouldNameThePasswordWhenItIsWrong(String type, String password) throws Exception {
    Path file = store(type, "secret");

    assertThatIOException()
        .isThrownBy(() -> TrustAnchors.read(file, password))
        .withMessageContaining("password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "just text",
        "0",
        "\0\1\2",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA"
      })
  void readShouldSayThatAFileHoldsNoCertificates(String content) throws Exception {
    Path file = Files.writeString(directory.resolve("roots"), content);

    assertThatIOException()
        .isThrownBy(() -> TrustAnchors.read(file, ""))
        .withMessageStartingWith("it ");
  }

  @Test
  void readShouldRefuseAKeyStoreWithoutCertificates() throws Exception {
    Path file = directory.resolve("roots");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "secret".toCharArray());
    }

    assertThatIOException()
        .isThrownBy(() -> TrustAnchors.read(file, "secret"))
        .withMessage("it holds no certificate");
  }

  @Test
  void readShouldSayThatAFileIsMissing() {
    assertThatIOException()
        .isThrownBy(() -> TrustAnchors.read(directory.resolve("none"), ""))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void readShouldSayThatADirectoryIsNoFile() {
    assertThatIOException().isThrownBy(() -> TrustAnchors.read(directory, ""));
  }

  @Test
  void ofJvmShouldHoldWhatTheJvmTrusts() {
    assertThat(TrustAnchors.ofJvm().anchors()).isNotEmpty();
  }

  private static List<X509Certificate> roots(TrustAnchors anchors) {
    return anchors.anchors().stream().map(anchor -> anchor.getTrustedCert()).toList();
  }

  private Path pem(String before, String between) throws IOException {
    Path first = directory.resolve("first.pem");
    Path second = directory.resolve("second.pem");
    FIRST.writePem(first);
    SECOND.writePem(second);
    return Files.writeString(
        directory.resolve("roots"),
        before + Files.readString(first) + between + Files.readString(second));
  }

  private Path store(String type, String password) throws Exception {
    Path file = directory.resolve("roots");
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    store.setCertificateEntry("first", FIRST.root());
    store.setCertificateEntry("second", SECOND.root());
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
    return file;
  }
}
