package org.jamessts.preload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jamessts.preload.PreloadListParse.Invalid;
import org.jamessts.preload.PreloadListParse.Parsed;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys and signatures from the commands that {@link PreloadFile} shows to operators. */
class OpenSslSignatureTest {

  @TempDir Path directory;
  Path list;

  @BeforeAll
  static void lookForOpenSsl() throws Exception {
    try {
      Process version = new ProcessBuilder("openssl", "version").start();
      String text = new String(version.getInputStream().readAllBytes(), UTF_8);
      assumeTrue(text.startsWith("OpenSSL 3"), "another OpenSSL is installed: " + text);
    } catch (IOException e) {
      assumeTrue(false, "no OpenSSL is installed");
    }
  }

  @BeforeEach
  void writeList() throws Exception {
    list = Files.write(directory.resolve("policy.json"), PreloadListTest.sample());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "-algorithm ed25519, pkeyutl -sign -rawin -inkey list.key -in policy.json",
    "-algorithm RSA -pkeyopt rsa_keygen_bits:3072, dgst -sha256 -sign list.key",
    "-algorithm EC -pkeyopt ec_paramgen_curve:P-256, dgst -sha256 -sign list.key",
    "-algorithm EC -pkeyopt ec_paramgen_curve:P-384, dgst -sha384 -sign list.key"
  })
  void readShouldAcceptWhatTheCommandsMake(String key, String sign) throws Exception {
    openssl("genpkey " + key + " -out list.key");
    openssl("pkey -in list.key -pubout -out list.pub");
    openssl(sign + " -out policy.json.sig" + (sign.startsWith("dgst") ? " policy.json" : ""));
    PreloadFile file = file();

    assertThat(file.read()).isInstanceOf(Parsed.class);

    openssl("base64 -in policy.json.sig -out policy.base64");
    Files.move(
        directory.resolve("policy.base64"),
        directory.resolve("policy.json.sig"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(file.read()).isInstanceOf(Parsed.class);

    Files.writeString(list, "\n", StandardOpenOption.APPEND);
    assertThat(file.read()).isInstanceOf(Invalid.class);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "-algorithm RSA -pkeyopt rsa_keygen_bits:1024, RSA with 1024 bits",
    "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048, it is of another kind",
    "-algorithm EC -pkeyopt ec_paramgen_curve:P-521, ECDSA on another curve",
    "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1, ''",
    "-algorithm ed448, it is of another kind",
    "-algorithm x25519, it is of another kind"
  })
  void readShouldRefuseOtherKeys(String key, String reason) throws Exception {
    openssl("genpkey " + key + " -out list.key");
    openssl("pkey -in list.key -pubout -out list.pub");

    assertThatIOException()
        .isThrownBy(this::file)
        .withMessageStartingWith("its public key cannot be used: " + reason)
        .withMessageContaining("; allowed is one PEM PUBLIC KEY");
  }

  private PreloadFile file() throws IOException {
    return new PreloadFile(list, Optional.of(ListKey.read(directory.resolve("list.pub"))));
  }

  private void openssl(String arguments) throws Exception {
    Process process =
        new ProcessBuilder(("openssl " + arguments).split(" "))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }
}
