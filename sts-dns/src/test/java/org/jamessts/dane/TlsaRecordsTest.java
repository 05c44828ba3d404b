package org.jamessts.dane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6698 §4.1, RFC 7671 §9, RFC 7672 §3.1. */
class TlsaRecordsTest {

  private static final X509Certificate LEAF = PrivateCa.create("root").issue("a.example").leaf();
  private static final X509Certificate OTHER = PrivateCa.create("root").issue("b.example").leaf();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2 0 0", "2 0 1", "2 0 2", "2 1 0", "2 1 1", "2 1 2",
        "3 0 0", "3 0 1", "3 0 2", "3 1 0", "3 1 1", "3 1 2"
      })
  @Rule(value = "RFC 6698 D2", in = TlsaRecords.class)
  void parseShouldKeepWhatCanBeUsed(String numbers) {
    TlsaRecord record = Tlsa.record(numbers, LEAF);

    assertThat(parse(record))
        .isEqualTo(new DaneLookup.Usable(new TlsaSet(Tlsa.BASE, List.of(record))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 6698 D1", in = TlsaRecords.class)
  @Rule(value = "RFC 7672 D17", in = TlsaRecords.class)
  void parseShouldSayWhyNoRecordCanBeUsed(String rule, List<TlsaRecord> records, String reason) {
    assertThat(PromisedRecords.of(Tlsa.BASE, records))
        .isEqualTo(
            new DaneLookup.Unusable(Tlsa.BASE, records, "no TLSA record can be used: " + reason));
  }

  static Stream<Arguments> parseShouldSayWhyNoRecordCanBeUsed() throws Exception {
    byte[] certificate = LEAF.getEncoded();
    byte[] key = LEAF.getPublicKey().getEncoded();
    byte[] pem =
        ("-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n")
            .getBytes(StandardCharsets.US_ASCII);
    return Stream.of(
        // RFC 7672 §3.1.3.
        row("PKIX-TA", Tlsa.record("0 0 1", LEAF), "usage 0 is not for SMTP (RFC 7672 §3.1.3)"),
        row("PKIX-EE", Tlsa.record("1 1 1", LEAF), "usage 1 is not for SMTP (RFC 7672 §3.1.3)"),
        // RFC 6698 §4.1, RFC 7671 §9.
        row("unknown usage", digest(4, 1, 1, 32), "usage 4 is unknown"),
        row("private usage", digest(255, 1, 1, 32), "usage 255 is unknown"),
        row("unknown selector", digest(3, 2, 1, 32), "selector 2 is unknown"),
        row("private selector", digest(2, 255, 1, 32), "selector 255 is unknown"),
        row("unknown matching type", digest(3, 1, 3, 32), "matching type 3 is unknown"),
        row("private matching type", digest(3, 1, 255, 32), "matching type 255 is unknown"),
        row("short SHA2-256", digest(3, 1, 1, 31), "a SHA2-256 digest of 31 octets"),
        row("long SHA2-256", digest(3, 1, 1, 33), "a SHA2-256 digest of 33 octets"),
        row("empty SHA2-256", digest(2, 0, 1, 0), "a SHA2-256 digest of 0 octets"),
        row("SHA2-512 of 32 octets", digest(3, 1, 2, 32), "a SHA2-512 digest of 32 octets"),
        row("long SHA2-512", digest(3, 1, 2, 65), "a SHA2-512 digest of 65 octets"),
        row("no certificate", full(3, 0, new byte[0]), "full data that is no certificate"),
        row("a digest", digest(2, 0, 0, 32), "full data that is no certificate"),
        row("a key", full(2, 0, key), "full data that is no certificate"),
        row("PEM", full(2, 0, pem), "full data that is no certificate"),
        row("more", full(2, 0, plus(certificate)), "full data that is no certificate"),
        row("less", full(2, 0, minus(certificate)), "full data that is no certificate"),
        row("no key", full(3, 1, new byte[0]), "full data that is no public key"),
        row("a certificate", full(2, 1, certificate), "full data that is no public key"),
        row("more than a key", full(3, 1, plus(key)), "full data that is no public key"),
        row("less than a key", full(3, 1, minus(key)), "full data that is no public key"),
        arguments(
            "each reason once",
            List.of(digest(0, 1, 1, 32), digest(0, 0, 1, 32), digest(3, 1, 1, 1)),
            "usage 0 is not for SMTP (RFC 7672 §3.1.3); a SHA2-256 digest of 1 octets"),
        arguments(
            "three reasons",
            List.of(digest(3, 1, 1, 1), digest(3, 1, 1, 2), digest(3, 1, 1, 3)),
            "a SHA2-256 digest of 1 octets; a SHA2-256 digest of 2 octets;"
                + " a SHA2-256 digest of 3 octets"),
        arguments(
            "reasons without end",
            IntStream.range(0, 30).mapToObj(length -> digest(3, 1, 1, length)).toList(),
            "a SHA2-256 digest of 0 octets; a SHA2-256 digest of 1 octets;"
                + " a SHA2-256 digest of 2 octets; and more"));
  }

  private static Arguments row(String rule, TlsaRecord record, String reason) {
    return arguments(rule, List.of(record), reason);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 7671 D6", in = DigestAgility.class)
  void parseShouldDiscardWeakerDigests(
      String rule, List<TlsaRecord> published, List<TlsaRecord> kept) {
    assertThat(PromisedRecords.of(Tlsa.BASE, published))
        .isEqualTo(new DaneLookup.Usable(new TlsaSet(Tlsa.BASE, kept)));
  }

  static Stream<Arguments> parseShouldDiscardWeakerDigests() {
    TlsaRecord weak = Tlsa.record("3 1 1", LEAF);
    TlsaRecord strong = Tlsa.record("3 1 2", LEAF);
    TlsaRecord strongOfAnother = Tlsa.record("3 1 2", OTHER);
    TlsaRecord full = Tlsa.record("3 1 0", LEAF);
    TlsaRecord weakAnchor = Tlsa.record("2 1 1", LEAF);
    TlsaRecord weakCertificate = Tlsa.record("3 0 1", LEAF);
    TlsaRecord brokenStrong = digest(3, 1, 2, 63);
    return Stream.of(
        arguments("the strongest digest", List.of(weak, strong), List.of(strong)),
        arguments("whomever it means", List.of(strongOfAnother, weak), List.of(strongOfAnother)),
        arguments(
            "all of the strongest",
            List.of(strong, weak, strongOfAnother),
            List.of(strong, strongOfAnother)),
        arguments("full data beside it", List.of(full, weak, strong), List.of(full, strong)),
        arguments("full data does not count as a digest", List.of(full, weak), List.of(full, weak)),
        arguments("per usage", List.of(weakAnchor, strong), List.of(weakAnchor, strong)),
        arguments(
            "per selector", List.of(weakCertificate, strong), List.of(weakCertificate, strong)),
        arguments("unusable ones are discarded first", List.of(weak, brokenStrong), List.of(weak)),
        arguments("nothing twice", List.of(weak, weak), List.of(weak)),
        arguments(
            "one usable record among others",
            List.of(Tlsa.record("1 1 1", LEAF), weak, digest(9, 9, 9, 9)),
            List.of(weak)));
  }

  // RFC 7671 §9: the order is the operator's.
  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 7671 D6", in = DigestAgility.class)
  void parseShouldPreferTheDigestThatTheOperatorPrefers(
      String order, List<Digest> digests, List<TlsaRecord> kept) {
    TlsaRecord full = Tlsa.record("3 1 0", LEAF);
    List<TlsaRecord> published =
        List.of(Tlsa.record("3 1 1", LEAF), Tlsa.record("3 1 2", LEAF), full);

    assertThat(new TlsaRecords(new DigestAgility(digests)).parse(Tlsa.BASE, published))
        .isEqualTo(
            new DaneLookup.Usable(
                new TlsaSet(Tlsa.BASE, Stream.concat(kept.stream(), Stream.of(full)).toList())));
  }

  static Stream<Arguments> parseShouldPreferTheDigestThatTheOperatorPrefers() {
    TlsaRecord sha256 = Tlsa.record("3 1 1", LEAF);
    TlsaRecord sha512 = Tlsa.record("3 1 2", LEAF);
    return Stream.of(
        arguments("the shorter", List.of(Digest.SHA2_256, Digest.SHA2_512), List.of(sha256)),
        arguments("the longer", List.of(Digest.SHA2_512, Digest.SHA2_256), List.of(sha512)),
        arguments("one alone", List.of(Digest.SHA2_256), List.of(sha256)),
        arguments("the other alone", List.of(Digest.SHA2_512), List.of(sha512)));
  }

  @Test
  void parseShouldNotUseADigestThatTheOperatorDoesNotBelieve() {
    List<TlsaRecord> published = List.of(Tlsa.record("3 1 1", LEAF));

    assertThat(
            new TlsaRecords(new DigestAgility(List.of(Digest.SHA2_512)))
                .parse(Tlsa.BASE, published))
        .isEqualTo(
            new DaneLookup.Unusable(
                Tlsa.BASE,
                published,
                "no TLSA record can be used: a SHA2-256 digest, which the operator does not"
                    + " believe"));
  }

  @Test
  void orderOfDigestsShouldHaveEachAtMostOnceAndOneAtLeast() {
    assertThatThrownBy(() -> new DigestAgility(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DigestAgility(List.of(Digest.SHA2_256, Digest.SHA2_256)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void unusableRecordsShouldBeKeptInABoundedNumber() {
    List<TlsaRecord> many =
        IntStream.range(0, 1_000)
            .mapToObj(i -> full(3, 9, new byte[] {(byte) i, (byte) (i >> 8)}))
            .toList();

    assertThat(PromisedRecords.of(Tlsa.BASE, many))
        .isInstanceOfSatisfying(
            DaneLookup.Unusable.class,
            unusable -> assertThat(unusable.records()).isEqualTo(many.subList(0, 32)));
  }

  @Test
  void parseShouldKeepABoundedNumberOfRecords() {
    List<TlsaRecord> many =
        new ArrayList<>(
            IntStream.range(0, 1_000)
                .mapToObj(i -> full(3, 9, new byte[] {(byte) i, (byte) (i >> 8)}))
                .toList());
    IntStream.range(0, 1_000).mapToObj(TlsaRecordsTest::numbered).forEach(many::add);

    assertThat(PromisedRecords.of(Tlsa.BASE, many))
        .isEqualTo(
            new DaneLookup.Usable(
                new TlsaSet(
                    Tlsa.BASE,
                    IntStream.range(0, 32).mapToObj(TlsaRecordsTest::numbered).toList())));
  }

  private static TlsaRecord numbered(int number) {
    byte[] digest = new byte[32];
    digest[0] = (byte) number;
    digest[1] = (byte) (number >> 8);
    return new TlsaRecord(3, 1, 1, digest);
  }

  private static DaneLookup parse(TlsaRecord record) {
    return PromisedRecords.of(Tlsa.BASE, List.of(record));
  }

  private static TlsaRecord digest(int usage, int selector, int matchingType, int length) {
    return new TlsaRecord(usage, selector, matchingType, new byte[length]);
  }

  private static TlsaRecord full(int usage, int selector, byte[] data) {
    return new TlsaRecord(usage, selector, 0, data);
  }

  private static byte[] plus(byte[] octets) {
    return Arrays.copyOf(octets, octets.length + 1);
  }

  private static byte[] minus(byte[] octets) {
    return Arrays.copyOf(octets, octets.length - 1);
  }
}
