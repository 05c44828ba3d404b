package org.jamessts.preload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListKeyTest {

  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  @Test
  void readShouldPassOverTextAroundTheKey() throws Exception {
    SignedList signed = new SignedList(directory, SignedList.Kind.ED25519);
    String pem = Files.readString(signed.publicKey());
    Path file = Files.writeString(directory.resolve("key"), "who we are\r\n" + pem + "\nbye");

    assertThat(ListKey.read(file).verifies(signed.sign(MESSAGE), MESSAGE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "just text",
        "-----BEGIN PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
      })
  void readShouldRefuseAFileWithoutAPublicKey(String content) throws Exception {
    Path file = Files.writeString(directory.resolve("key"), content);

    assertThatIOException()
        .isThrownBy(() -> ListKey.read(file))
        .withMessageStartingWith("it holds no public key; allowed is one PEM PUBLIC KEY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "AAAA", "MAA=", "====", "MCowBQYDK2VwAyEA"})
  void readShouldRefuseADamagedKey(String base64) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("key"),
            "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n");

    assertThatIOException()
        .isThrownBy(() -> ListKey.read(file))
        .withMessageStartingWith("its public key cannot be used: ");
  }

  @Test
  void readShouldNotChooseBetweenTwoKeys() throws Exception {
    String pem = SignedList.pem(SignedList.pair("Ed25519").getPublic().getEncoded());
    Path file = Files.writeString(directory.resolve("key"), pem + pem);

    assertThatIOException()
        .isThrownBy(() -> ListKey.read(file))
        .withMessageStartingWith("it holds more than one public key");
  }

  @Test
  void readShouldSayThatAFileIsMissing() {
    assertThatIOException()
        .isThrownBy(() -> ListKey.read(directory.resolve("none")))
        .withMessage("it does not exist");
  }
}
