package org.jamessts.dane;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.Rule;
import org.jamessts.x509.CertificateFacts.Finding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Records and chains, each kind of the one with each kind of the other, as suites for DANE
 * verifiers have them; keys, certificates and records are made here.
 */
// The certificates are made around the present, so the present is where they are judged.
@SuppressWarnings("TimeInStaticInitializer")
class DaneVectorsTest {

  private static final Instant NOW = Instant.now();
  private static final String MX = "mx.example.com";

  private static final PrivateCa ROOT = PrivateCa.create("root");
  private static final PrivateCa ISSUER =
      ROOT.intermediate(new CertificateDraft().commonName("issuer"));
  private static final PrivateCa STRANGER = PrivateCa.create("stranger");
  private static final PrivateCa.Credential LEAF = ISSUER.issue(MX);

  /** Certificates by the letter that stands for them. */
  private static final Map<Character, X509Certificate> CERTIFICATES =
      Map.of(
          'L', LEAF.leaf(),
          'I', ISSUER.root(),
          'R', ROOT.root(),
          'X', STRANGER.root(),
          // A wildcard, a common name alone, no name at all.
          'W', ISSUER.issue("*.example.com").leaf(),
          'C', ISSUER.issueCommonNameOnly(MX).leaf(),
          'N', ISSUER.issue().leaf(),
          // Signed by itself, and for no moment: it ends before it begins.
          'S', PrivateCa.selfSigned(MX).leaf(),
          'V', ISSUER.issue(NOW, NOW.minus(Duration.ofDays(1)), MX).leaf(),
          // Issued by the root without an issuer between.
          'D', ROOT.issue(MX).leaf());

  /**
   * One row: the chain as sent; the records, each its numbers and its certificate; what is wrong. A
   * {@code *} stands for every selector or matching type, {@code d} for every digest, and {@code ~}
   * before a letter for data with one bit wrong.
   */
  @ParameterizedTest(name = "{0}: chain {1}, records {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        // RFC 7671 §5.1: the leaf, and whatever else there is.
        "leaf, whole chain              | LIR | 3 * * L  | ",
        "leaf, without root             | LI  | 3 * * L  | ",
        "leaf alone                     | L   | 3 * * L  | ",
        "leaf, issuer missing           | LR  | 3 * * L  | ",
        "leaf among strangers           | LX  | 3 * * L  | ",
        "self-signed leaf               | S   | 3 * * S  | ",
        "leaf for no moment             | V   | 3 * * V  | ",
        "leaf without a name            | NIR | 3 * * N  | ",
        "root as a leaf                 | R   | 3 * * R  | ",
        "one bit wrong                  | LIR | 3 * d ~L | NO_TLSA_MATCH",
        "one bit wrong, for no moment   | V   | 3 * d ~V | NO_TLSA_MATCH",
        "one bit wrong in full data     | LIR | 3 0 0 ~L | NO_TLSA_MATCH",
        "one bit wrong in a full key    | LIR | 3 1 0 ~L | NO_TLSA_MATCH",
        "another leaf of the issuer     | LIR | 3 * * D  | NO_TLSA_MATCH",
        "issuer is not the leaf         | LIR | 3 * * I  | NO_TLSA_MATCH",
        "root is not the leaf           | LIR | 3 * * R  | NO_TLSA_MATCH",
        // RFC 7671 §5.2: a trust anchor in the chain.
        "issuer, whole chain            | LIR | 2 * * I  | ",
        "issuer, without root           | LI  | 2 * * I  | ",
        "root, whole chain              | LIR | 2 * * R  | ",
        "root over the leaf             | DR  | 2 * * R  | ",
        "root, in disorder              | LRI | 2 * * R  | ",
        "root, with a stranger          | LXIR| 2 * * R  | ",
        "root, twice                    | LIRR| 2 * * R  | ",
        "one bit wrong in the issuer    | LIR | 2 * d ~I | NO_TLSA_MATCH",
        "one bit wrong in the root      | LIR | 2 * d ~R | NO_TLSA_MATCH",
        "stranger                       | LIR | 2 * * X  | NO_TLSA_MATCH",
        "stranger in the chain          | LIX | 2 * * X  | NOT_TRUSTED",
        "root, issuer missing           | LR  | 2 * * R  | NOT_TRUSTED",
        "leaf is no anchor              | LIR | 2 * * L  | NO_TLSA_MATCH",
        "nor a self-signed one          | S   | 2 * * S  | NO_TLSA_MATCH",
        "nor twice                      | SS  | 2 * * S  | NO_TLSA_MATCH",
        // RFC 7671 §5.2.2, §5.2.3: one that is not in the chain.
        "absent issuer, full data       | L   | 2 * 0 I  | ",
        "absent issuer, digest          | L   | 2 * d I  | NO_TLSA_MATCH",
        "absent root, full data         | LI  | 2 * 0 R  | ",
        "absent root, digest            | LI  | 2 * d R  | NO_TLSA_MATCH",
        "absent root over the leaf      | D   | 2 * 0 R  | ",
        "absent root, issuer missing    | L   | 2 * 0 R  | NO_TLSA_MATCH",
        "absent root, one bit wrong     | LI  | 2 0 d ~R | NO_TLSA_MATCH",
        "absent stranger                | LI  | 2 * 0 X  | NO_TLSA_MATCH",
        // RFC 7672 §3.1.2, §3.2.2: names and dates.
        "wildcard                       | WIR | 2 * * R  | ",
        "common name alone              | CIR | 2 * * R  | HOST_MISMATCH",
        "no name                        | NIR | 2 * * R  | HOST_MISMATCH",
        // RFC 7672 §3.1.3: for SMTP they say nothing.
        "PKIX-TA                        | LIR | 0 * * R  | unusable",
        "PKIX-EE                        | LIR | 1 * * L  | unusable",
        // RFC 6698 §2.1, §4.1: unknown numbers.
        "unknown usage                  | LIR | 4 1 1 L  | unusable",
        "unknown selector               | LIR | 3 2 1 L  | unusable",
        "unknown matching type          | LIR | 3 1 3 L  | unusable",
        // RFC 7671 §8: any one is enough.
        "leaf beside a wrong leaf       | LIR | 3 1 1 ~L, 3 1 1 L  | ",
        "leaf beside a wrong root       | LIR | 2 0 1 ~R, 3 1 1 L  | ",
        "root beside a wrong leaf       | LIR | 3 1 1 ~L, 2 0 1 R  | ",
        "both wrong                     | LIR | 3 1 1 ~L, 2 0 1 ~R | NO_TLSA_MATCH",
        "leaf without a name, by itself | NIR | 2 0 1 R, 3 1 1 N   | ",
        "and not by its root            | NIR | 2 0 1 R, 3 1 1 ~N  | HOST_MISMATCH",
        "leaf beside PKIX-EE            | LIR | 1 1 1 L, 3 1 1 ~L  | NO_TLSA_MATCH",
        "leaf beside an unknown one     | LIR | 3 1 3 ~L, 3 1 1 L  | ",
        // RFC 7671 §9: the stronger digest alone.
        "weaker leaf                    | LIR | 3 1 1 L, 3 1 2 ~L  | NO_TLSA_MATCH",
        "weaker root                    | LIR | 2 0 1 R, 2 0 2 ~R  | NO_TLSA_MATCH",
        "of another selector            | LIR | 3 1 1 L, 3 0 2 ~L  | ",
        "of another usage               | LIR | 3 1 1 L, 2 1 2 ~R  | ",
        "full data beside a digest      | LIR | 3 1 0 L, 3 1 2 ~L  | ",
        "stronger leaf                  | LIR | 3 1 1 ~L, 3 1 2 L  | ",
      })
  @Rule(value = "RFC 6698 D1", in = TlsaRecords.class)
  @Rule(value = "RFC 6698 D2", in = Association.class)
  @Rule(value = "RFC 7671 D1", in = DaneCertificates.class)
  @Rule(value = "RFC 7671 D3", in = TrustAnchorRecords.class)
  @Rule(value = "RFC 7671 D4", in = TrustAnchorRecords.class)
  @Rule(value = "RFC 7671 D5", in = DaneCertificates.class)
  @Rule(value = "RFC 7671 D6", in = DigestAgility.class)
  @Rule(value = "RFC 7672 D15", in = DaneCertificates.class)
  @Rule(value = "RFC 7672 D16", in = DaneCertificates.class)
  @Rule(value = "RFC 7672 D17", in = TlsaRecords.class)
  void chainShouldBeJudgedByItsRecords(String rule, String chain, String records, String wrong) {
    List<X509Certificate> sent =
        chain.chars().mapToObj(letter -> certificate((char) letter)).toList();

    for (List<TlsaRecord> published : expanded(records)) {
      assertThat(judged(sent, published))
          .as(published.toString())
          .isEqualTo(wrong == null ? "" : wrong);
    }
  }

  private static String judged(List<X509Certificate> chain, List<TlsaRecord> published) {
    if (PromisedRecords.of(Tlsa.BASE, published) instanceof DaneLookup.Unusable) {
      return "unusable";
    }
    return Judged.at(NOW, chain).by(published.toArray(TlsaRecord[]::new)).stream()
        .map(Finding::fault)
        .map(Enum::name)
        .collect(Collectors.joining(","));
  }

  /** What a text of records stands for: one set, or one for each meaning of its stars. */
  private static List<List<TlsaRecord>> expanded(String records) {
    if (records.contains(",")) {
      return List.of(Arrays.stream(records.split(", *")).map(DaneVectorsTest::record).toList());
    }
    String[] fields = records.split(" ", -1);
    return Stream.of("0", "1", "2", "3")
        .filter(matches(fields[1], "01"))
        .flatMap(
            selector ->
                Stream.of("0", "1", "2", "3")
                    .filter(matches(fields[2], "012"))
                    .map(type -> String.join(" ", fields[0], selector, type, fields[3])))
        .map(text -> List.of(record(text)))
        .toList();
  }

  private static Predicate<String> matches(String field, String known) {
    return switch (field) {
      case "*" -> known::contains;
      case "d" -> "12"::contains;
      default -> field::equals;
    };
  }

  private static X509Certificate certificate(char letter) {
    return Optional.ofNullable(CERTIFICATES.get(letter)).orElseThrow();
  }

  private static TlsaRecord record(String text) {
    String[] fields = text.split(" ", -1);
    boolean wrong = fields[3].startsWith("~");
    X509Certificate certificate = certificate(fields[3].charAt(wrong ? 1 : 0));
    TlsaRecord right = Tlsa.record(String.join(" ", fields[0], fields[1], fields[2]), certificate);
    byte[] data = right.data();
    // The last octet of full data belongs to the signature or the key, so it still parses.
    data[data.length - 1] ^= (byte) (wrong ? 1 : 0);
    return new TlsaRecord(right.usage(), right.selector(), right.matchingType(), data);
  }
}
