package org.jamessts.dane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateCa.Credential;
import org.jamessts.testing.Rule;
import org.jamessts.x509.CertificateFacts.Fault;
import org.jamessts.x509.CertificateFacts.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DANE-EE: the certificate, or its key, and nothing else (RFC 7671 §5.1, RFC 7672 §3.1.1). */
// The certificates are made around the present, so the present is where they are judged.
@SuppressWarnings("TimeInStaticInitializer")
class DaneEndEntityTest {

  private static final Instant NOW = Instant.now();
  private static final String MX = "mx.example.com";
  private static final PrivateCa ROOT = PrivateCa.create("root");
  private static final PrivateCa SUB = ROOT.intermediate(new CertificateDraft().commonName("sub"));
  private static final Credential GOOD = SUB.issue(MX);
  private static final Credential OTHER = SUB.issue(MX);

  @ParameterizedTest
  @ValueSource(strings = {"3 0 0", "3 0 1", "3 0 2", "3 1 0", "3 1 1", "3 1 2"})
  @Rule(value = "RFC 6698 D2", in = Association.class)
  @Rule(value = "RFC 7671 D1", in = DaneCertificates.class)
  void leafShouldMatchItsOwnRecordAndNoOther(String numbers) {
    Judged judged = Judged.at(NOW, GOOD.chain());

    assertThat(judged.by(Tlsa.record(numbers, GOOD.leaf()))).isEmpty();
    assertThat(judged.by(Tlsa.record(numbers, OTHER.leaf())))
        .extracting(Finding::fault)
        .containsExactly(Fault.NO_TLSA_MATCH);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 7672 D15", in = DaneCertificates.class)
  void matchShouldBeEnoughWhateverElseIsWrong(String rule, List<X509Certificate> chain) {
    Judged judged = Judged.at(NOW, chain);

    assertThat(judged.by(Tlsa.record("3 1 1", chain.get(0)))).isEmpty();
    assertThat(judged.by(Tlsa.record("3 0 2", chain.get(0)))).isEmpty();
  }

  static Stream<Arguments> matchShouldBeEnoughWhateverElseIsWrong() {
    Instant tomorrow = NOW.plus(Duration.ofDays(1));
    return Stream.of(
        arguments("leaf alone", GOOD.leafOnly().chain()),
        arguments("self-signed", PrivateCa.selfSigned(MX).chain()),
        arguments("another name", SUB.issue("other.example").chain()),
        arguments("no name", SUB.issue().chain()),
        arguments("expired", SUB.issueExpired(MX).chain()),
        arguments(
            "not yet valid", SUB.issue(tomorrow, tomorrow.plus(Duration.ofDays(1)), MX).chain()),
        arguments("for clients", SUB.issue(new CertificateDraft().forClients()).chain()),
        arguments("an authority", List.of(ROOT.root())),
        arguments(
            "signed with SHA-1",
            SUB.issue(new CertificateDraft().signedWith("SHA1withECDSA")).chain()),
        arguments(
            "more certificates than anybody needs",
            Stream.concat(GOOD.chain().stream(), IntStream.range(0, 20).mapToObj(i -> OTHER.leaf()))
                .toList()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 7671 D1", in = DaneCertificates.class)
  void recordShouldNotMatchWhatIsNotTheLeaf(String rule, TlsaRecord record) {
    assertThat(Judged.at(NOW, GOOD.chain()).by(record))
        .extracting(Finding::fault)
        .containsExactly(Fault.NO_TLSA_MATCH);
  }

  static Stream<Arguments> recordShouldNotMatchWhatIsNotTheLeaf() {
    return Stream.of(
        arguments("certificate of the intermediate", Tlsa.record("3 0 1", SUB.root())),
        arguments("key of the intermediate", Tlsa.record("3 1 1", SUB.root())),
        arguments("full certificate of the intermediate", Tlsa.record("3 0 0", SUB.root())),
        arguments("full key of the root", Tlsa.record("3 1 0", ROOT.root())),
        arguments("key under the certificate's selector", relabelled("3 1 1", 3, 0, 1)),
        arguments("certificate under the key's selector", relabelled("3 0 1", 3, 1, 1)),
        arguments("leaf as its own trust anchor", Tlsa.record("2 1 1", GOOD.leaf())));
  }

  private static TlsaRecord relabelled(String numbers, int usage, int selector, int matchingType) {
    return new TlsaRecord(usage, selector, matchingType, Tlsa.record(numbers, GOOD.leaf()).data());
  }

  @Test
  @Rule(value = "RFC 7671 D5", in = DaneCertificates.class)
  void oneMatchShouldBeEnoughAmongSeveralRecords() {
    assertThat(
            Judged.at(NOW, GOOD.chain())
                .by(
                    Tlsa.record("3 1 1", OTHER.leaf()),
                    Tlsa.record("3 1 1", GOOD.leaf()),
                    Tlsa.record("2 0 1", OTHER.leaf()),
                    Tlsa.record("1 1 1", OTHER.leaf())))
        .isEmpty();
  }

  // RFC 7671 §9: a host that publishes the stronger digest is held to it.
  @Test
  @Rule(value = "RFC 7671 D6", in = DigestAgility.class)
  void weakerDigestShouldNotMatchBesideAStrongerOneThatDoesNot() {
    Judged judged = Judged.at(NOW, GOOD.chain());
    TlsaRecord right = Tlsa.record("3 1 1", GOOD.leaf());

    assertThat(judged.by(Tlsa.record("3 1 2", OTHER.leaf()), right))
        .extracting(Finding::fault)
        .containsExactly(Fault.NO_TLSA_MATCH);
    assertThat(judged.by(Tlsa.record("3 0 2", OTHER.leaf()), right)).isEmpty();
  }

  @Test
  void findingShouldSayWhatWasComparedWithWhat() {
    TlsaRecord wrong = Tlsa.record("3 1 1", OTHER.leaf());

    assertThat(Judged.at(NOW, GOOD.chain()).by(wrong))
        .containsExactly(
            new Finding(
                Fault.NO_TLSA_MATCH,
                "certificate matches no TLSA record of mx.example.com: "
                    + wrong.toString().substring(0, 22)
                    + "...; it is "
                    + Tlsa.record("3 1 1", GOOD.leaf())));
  }

  @Test
  void findingShouldBeShortHoweverMuchWasCompared() {
    TlsaRecord[] many =
        IntStream.range(0, 30)
            .mapToObj(i -> Tlsa.record("3 0 0", PrivateCa.selfSigned("a.example").leaf()))
            .toArray(TlsaRecord[]::new);

    assertThat(Judged.at(NOW, GOOD.chain()).by(many))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.explanation())
                    .hasSizeLessThan(256)
                    .contains("... and 27 more; it is 3 1 1 "));
  }
}
