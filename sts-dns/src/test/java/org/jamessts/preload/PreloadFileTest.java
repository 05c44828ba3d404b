package org.jamessts.preload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.preload.PreloadListParse.Invalid;
import org.jamessts.preload.PreloadListParse.Parsed;
import org.jamessts.preload.SignedList.Kind;
import org.jamessts.testing.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PreloadFileTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void readShouldAcceptASignatureOfTheListByTheKey(Kind kind) throws Exception {
    SignedList signed = new SignedList(directory, kind);
    signed.write(PreloadListTest.sample());

    assertThat(signed.file().read()).isInstanceOf(Parsed.class);
  }

  @ParameterizedTest
  @EnumSource
  void readShouldAcceptASignatureInBase64(Kind kind) throws Exception {
    SignedList signed = new SignedList(directory, kind);
    signed.write(PreloadListTest.sample());
    String base64 =
        Base64.getMimeEncoder(64, "\r\n".getBytes(UTF_8))
            .encodeToString(Files.readAllBytes(signed.signature()));
    Files.writeString(signed.signature(), " " + base64 + "\r\n");

    assertThat(signed.file().read()).isInstanceOf(Parsed.class);
  }

  @ParameterizedTest
  @EnumSource
  void readShouldRefuseAListThatWasChangedByOneOctet(Kind kind) throws Exception {
    SignedList signed = new SignedList(directory, kind);
    signed.write(PreloadListTest.sample());
    Files.writeString(signed.list(), " ", StandardOpenOption.APPEND);

    assertRefused(signed.file().read());
  }

  @ParameterizedTest
  @EnumSource
  void readShouldRefuseASignatureByAnotherKey(Kind kind) throws Exception {
    SignedList signed = new SignedList(directory, kind);
    signed.write(PreloadListTest.sample());
    SignedList other = new SignedList(Files.createDirectory(directory.resolve("other")), kind);
    Files.copy(other.publicKey(), directory.resolve("other.pub"));

    PreloadFile file =
        new PreloadFile(signed.list(), Optional.of(ListKey.read(directory.resolve("other.pub"))));

    assertRefused(file.read());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  void readShouldRefuseWhatIsNoSignature(Kind kind, String rule, byte[] signature)
      throws Exception {
    SignedList signed = new SignedList(directory, kind);
    signed.write(PreloadListTest.sample());
    Files.write(signed.signature(), signature);

    assertRefused(signed.file().read());
  }

  static Stream<Arguments> readShouldRefuseWhatIsNoSignature() {
    byte[] zeroInDer = HexFormat.of().parseHex("3006020100020100");
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                Stream.of(
                    arguments(kind, "nothing", new byte[0]),
                    arguments(kind, "one octet", new byte[1]),
                    arguments(kind, "64 zeros", new byte[64]),
                    arguments(kind, "256 zeros", new byte[256]),
                    arguments(kind, "r and s of zero", zeroInDer),
                    arguments(kind, "r and s of zero, in Base64", "MAYCAQACAQA=".getBytes(UTF_8)),
                    arguments(kind, "text that is no Base64", "AAAAA".getBytes(UTF_8)),
                    arguments(kind, "16 KiB", new byte[16_384])));
  }

  @ParameterizedTest
  @EnumSource
  void readShouldRefuseDamagedSignatures(Kind kind) throws Exception {
    SignedList signed = new SignedList(directory, kind);
    byte[] list = PreloadListTest.sample();
    signed.write(list);
    byte[] good = Files.readAllBytes(signed.signature());
    for (byte[] bad : Mutations.of(good, 2).limit(100).toList()) {
      if (!Arrays.equals(good, bad)) {
        Files.write(signed.signature(), bad);
        assertRefused(signed.file().read());
      }
    }
  }

  @ParameterizedTest(name = "{1} by a key for {0}")
  @MethodSource
  void readShouldRefuseOtherWaysToSign(Kind kind, String algorithm) throws Exception {
    SignedList signed = new SignedList(directory, kind);
    signed.write(PreloadListTest.sample());
    Files.write(signed.signature(), signed.sign(algorithm, PreloadListTest.sample()));

    assertRefused(signed.file().read());
  }

  static Stream<Arguments> readShouldRefuseOtherWaysToSign() {
    return Stream.of(
        arguments(Kind.RSA, "SHA1withRSA"),
        arguments(Kind.RSA, "SHA512withRSA"),
        arguments(Kind.P256, "SHA1withECDSA"),
        arguments(Kind.P256, "SHA384withECDSA"),
        arguments(Kind.P384, "SHA256withECDSA"),
        arguments(Kind.P256, "SHA256withECDSAinP1363Format"));
  }

  @Test
  void readShouldRefuseAListWithoutASignature() throws Exception {
    SignedList signed = new SignedList(directory, Kind.ED25519);
    signed.write(PreloadListTest.sample());
    Files.delete(signed.signature());

    assertThat(signed.file().read())
        .isEqualTo(
            new Invalid(
                "its signature " + signed.signature() + " cannot be used: it does not exist"));
  }

  @Test
  void readShouldRefuseASignatureFileThatIsTooLarge() throws Exception {
    SignedList signed = new SignedList(directory, Kind.ED25519);
    signed.write(PreloadListTest.sample());
    Files.write(signed.signature(), new byte[16_385]);

    assertThat(signed.file().read())
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid -> assertThat(invalid.reason()).endsWith("it has more than 16384 octets"));
  }

  @Test
  void readShouldNotInterpretAListBeforeItsSignatureIsVerified() throws Exception {
    SignedList signed = new SignedList(directory, Kind.ED25519);
    signed.write("no JSON at all".getBytes(UTF_8));
    assertThat(signed.file().read())
        .isInstanceOfSatisfying(
            Invalid.class, invalid -> assertThat(invalid.reason()).startsWith("it is not JSON"));

    Files.write(signed.signature(), new byte[64]);
    assertRefused(signed.file().read());
  }

  @Test
  void readShouldNotLookAtASignatureWithoutAKey() throws Exception {
    Path list = Files.write(directory.resolve("policy.json"), PreloadListTest.sample());
    Files.write(directory.resolve("policy.json.sig"), new byte[1]);

    assertThat(new PreloadFile(list, Optional.empty()).read()).isInstanceOf(Parsed.class);
  }

  @Test
  void readShouldSayThatAListIsMissing() {
    assertThat(new PreloadFile(directory.resolve("none"), Optional.empty()).read())
        .isEqualTo(new Invalid("it does not exist"));
  }

  @Test
  void hasChangedShouldSeeANewSignatureOfTheSameList() throws Exception {
    SignedList signed = new SignedList(directory, Kind.P256);
    signed.write(PreloadListTest.sample());
    PreloadFile file = signed.file();
    file.read();
    assertThat(file.hasChanged()).isFalse();

    Files.write(signed.signature(), new byte[64]);

    assertThat(file.hasChanged()).isTrue();
  }

  @Test
  void hasChangedShouldIgnoreSignaturesWithoutAKey() throws Exception {
    Path list = Files.write(directory.resolve("policy.json"), PreloadListTest.sample());
    PreloadFile file = new PreloadFile(list, Optional.empty());
    file.read();

    Files.write(directory.resolve("policy.json.sig"), new byte[64]);

    assertThat(file.hasChanged()).isFalse();
  }

  private void assertRefused(PreloadListParse parse) {
    assertThat(parse)
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid ->
                assertThat(invalid.reason())
                    .startsWith("its signature " + directory.resolve("policy.json.sig"))
                    .containsAnyOf("is not one of this list with the given key", "not Base64"));
  }
}
