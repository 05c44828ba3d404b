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
import org.jamessts.x509.Authority;
import org.jamessts.x509.CertificateFacts.Fault;
import org.jamessts.x509.CertificateFacts.Finding;
import org.jamessts.x509.DnsId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * DANE-TA: a path from the server's certificate to the trust anchor that a record names, with dates
 * and names (RFC 7671 §5.2, RFC 7672 §3.1.2, §3.2.2, §3.2.3).
 */
// The certificates are made around the present, so the present is where they are judged.
@SuppressWarnings("TimeInStaticInitializer")
class DaneTrustAnchorTest {

  private static final Instant NOW = Instant.now();
  private static final Instant YESTERDAY = NOW.minus(Duration.ofDays(1));
  private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));
  private static final Instant LAST_MONTH = NOW.minus(Duration.ofDays(30));
  private static final Instant NEXT_MONTH = NOW.plus(Duration.ofDays(30));
  private static final String MX = "mx.example.com";

  private static final PrivateCa ROOT = PrivateCa.create("root");
  private static final PrivateCa SUB = ROOT.intermediate(named("sub"));
  private static final Credential GOOD = SUB.issue(MX);
  private static final List<X509Certificate> FULL_CHAIN = GOOD.chain();
  private static final List<X509Certificate> WITHOUT_ROOT = FULL_CHAIN.subList(0, 2);
  private static final List<X509Certificate> LEAF_ALONE = FULL_CHAIN.subList(0, 1);

  private static final PrivateCa STRANGER = PrivateCa.create("root");

  @ParameterizedTest
  @ValueSource(strings = {"2 0 0", "2 0 1", "2 0 2", "2 1 0", "2 1 1", "2 1 2"})
  @Rule(value = "RFC 7672 D16", in = TrustAnchorRecords.class)
  @Rule(value = "RFC 6698 D2", in = Association.class)
  void presentedAnchorShouldBeFoundByAnyKindOfRecord(String numbers) {
    TlsaRecord root = Tlsa.record(numbers, ROOT.root());
    TlsaRecord sub = Tlsa.record(numbers, SUB.root());

    assertThat(Judged.at(NOW, FULL_CHAIN).by(root)).as("root").isEmpty();
    assertThat(Judged.at(NOW, FULL_CHAIN).by(sub)).as("intermediate").isEmpty();
    assertThat(Judged.at(NOW, WITHOUT_ROOT).by(sub)).as("intermediate, without root").isEmpty();
  }

  // RFC 7671 §5.2.2, §5.2.3: only full data frees a server from presenting its trust anchor.
  @ParameterizedTest
  @ValueSource(strings = {"2 0 0", "2 1 0"})
  @Rule(value = "RFC 7671 D3", in = TrustAnchorRecords.class)
  @Rule(value = "RFC 7671 D4", in = TrustAnchorRecords.class)
  void absentAnchorShouldBeTakenFromFullData(String numbers) {
    assertThat(Judged.at(NOW, WITHOUT_ROOT).by(Tlsa.record(numbers, ROOT.root()))).isEmpty();
    assertThat(Judged.at(NOW, LEAF_ALONE).by(Tlsa.record(numbers, SUB.root()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2 0 1", "2 0 2", "2 1 1", "2 1 2"})
  void absentAnchorShouldNotBeFoundByADigest(String numbers) {
    assertThat(faults(WITHOUT_ROOT, Tlsa.record(numbers, ROOT.root())))
        .containsExactly(Fault.NO_TLSA_MATCH);
    assertThat(faults(LEAF_ALONE, Tlsa.record(numbers, SUB.root())))
        .containsExactly(Fault.NO_TLSA_MATCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2 0 0", "2 0 1", "2 0 2", "2 1 0", "2 1 1", "2 1 2"})
  void strangersShouldMatchNothingHoweverTheyAreCalled(String numbers) {
    assertThat(faults(FULL_CHAIN, Tlsa.record(numbers, STRANGER.root())))
        .containsExactly(Fault.NO_TLSA_MATCH);
    assertThat(faults(FULL_CHAIN, Tlsa.record(numbers, GOOD.leaf())))
        .containsExactly(Fault.NO_TLSA_MATCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2 0 0", "2 0 1", "2 0 2", "2 1 0", "2 1 1", "2 1 2"})
  void leafShouldNotBeItsOwnAnchor(String numbers) {
    X509Certificate self = PrivateCa.selfSigned(MX).leaf();
    X509Certificate authority =
        PrivateCa.create(new CertificateDraft().dnsNames(MX).authority()).root();

    assertThat(faults(List.of(self), Tlsa.record(numbers, self)))
        .containsExactly(Fault.NO_TLSA_MATCH);
    assertThat(faults(List.of(authority, authority), Tlsa.record(numbers, authority)))
        .containsExactly(Fault.NO_TLSA_MATCH);
  }

  // Anybody can append a public certificate to a chain.
  @ParameterizedTest
  @ValueSource(strings = {"2 0 0", "2 0 1", "2 0 2", "2 1 0", "2 1 1", "2 1 2"})
  @Rule(value = "RFC 7672 D16", in = DaneCertificates.class)
  void anchorShouldNotCountForAChainThatItHasNotSigned(String numbers) {
    List<X509Certificate> chain =
        List.of(STRANGER.issue(MX).leaf(), STRANGER.root(), SUB.root(), ROOT.root());

    assertThat(Judged.at(NOW, chain).by(Tlsa.record(numbers, ROOT.root())))
        .containsExactly(
            new Finding(
                Fault.NOT_TRUSTED,
                "certificate not trusted: no path to the trust anchor that TLSA records name"));
    assertThat(faults(chain, Tlsa.record(numbers, SUB.root()))).containsExactly(Fault.NOT_TRUSTED);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 7671 D2", in = Authority.class)
  void pathShouldBeGood(String rule, List<X509Certificate> chain, List<TlsaRecord> records) {
    assertThat(Judged.at(NOW, chain).by(records.toArray(TlsaRecord[]::new))).isEmpty();
  }

  static Stream<Arguments> pathShouldBeGood() {
    PrivateCa old = PrivateCa.create(named("renewed").valid(LAST_MONTH, YESTERDAY).authority());
    X509Certificate renewed = old.renewed(named("renewed").authority()).root();
    PrivateCa belowExpired = old.intermediate(named("sub"));
    Credential belowOld = old.issue(MX);
    PrivateCa narrow = PrivateCa.create(named("narrow").pathLength(0));
    X509Certificate wide = narrow.renewed(named("narrow").authority()).root();
    Credential deep = narrow.intermediate(named("deep")).issue(MX);
    X509Certificate crossSigned = STRANGER.crossSign(ROOT, named("root"));
    PrivateCa notAnAuthority = PrivateCa.create(named("not an authority"));
    PrivateCa onlyExample = PrivateCa.create(named("only").onlyFor("example.com"));
    return Stream.of(
        arguments("wildcard", SUB.issue("*.example.com").chain(), by("2 0 1", ROOT)),
        arguments(
            "last second",
            SUB.issue(LAST_MONTH, NOW.plusSeconds(1), MX).chain(),
            by("2 0 1", ROOT)),
        arguments("first second", SUB.issue(NOW, NEXT_MONTH, MX).chain(), by("2 0 1", ROOT)),
        arguments(
            "in disorder, with a stranger",
            List.of(GOOD.leaf(), STRANGER.root(), ROOT.root(), SUB.root()),
            by("2 0 1", ROOT)),
        arguments(
            "one right record among several",
            FULL_CHAIN,
            List.of(
                Tlsa.record("2 0 1", STRANGER.root()),
                Tlsa.record("3 1 1", STRANGER.root()),
                Tlsa.record("2 1 1", ROOT.root()))),
        arguments(
            "an expired root above the anchor",
            belowExpired.issue(MX).chain(),
            by("2 0 1", belowExpired)),
        arguments(
            "renewed anchor beside the expired one",
            List.of(belowOld.leaf(), old.root(), renewed),
            List.of(Tlsa.record("2 1 1", renewed))),
        arguments(
            "renewed anchor in the record",
            List.of(belowOld.leaf()),
            List.of(Tlsa.record("2 0 0", renewed))),
        arguments(
            "anchor in the record, presented with another signature",
            List.of(GOOD.leaf(), SUB.root(), crossSigned),
            by("2 0 0", ROOT)),
        arguments(
            "key in the record, presented with another signature",
            List.of(GOOD.leaf(), SUB.root(), crossSigned),
            by("2 1 0", ROOT)),
        arguments(
            "key that has signed one of two ways",
            List.of(GOOD.leaf(), STRANGER.issue(named("sub").authority()).leaf(), SUB.root()),
            by("2 1 0", ROOT)),
        arguments(
            "path length 0 without others between", narrow.issue(MX).chain(), by("2 0 1", narrow)),
        arguments(
            "one of two certificates of an anchor allows the path",
            List.of(deep.leaf(), deep.chain().get(1), narrow.root(), wide),
            List.of(Tlsa.record("2 0 1", narrow.root()), Tlsa.record("2 0 1", wide))),
        arguments(
            "RFC 7671 §4.2: of a key nothing is demanded but the key",
            deep.chain(),
            by("2 1 1", narrow)),
        arguments(
            "a key without the right to sign",
            notAnAuthority.issue(MX).chain(),
            by("2 1 1", notAnAuthority)),
        arguments(
            "name constraints that allow the name",
            onlyExample.issue(MX).chain(),
            by("2 0 1", onlyExample)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 7672 D16", in = DaneCertificates.class)
  @Rule(value = "RFC 7672 D19", in = DnsId.class)
  @Rule(value = "RFC 7671 D2", in = Authority.class)
  void pathShouldNotBeGood(
      String rule, List<X509Certificate> chain, TlsaRecord record, Fault fault, String reason) {
    assertThat(Judged.at(NOW, chain).by(record))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.fault()).isEqualTo(fault);
              assertThat(finding.explanation()).contains(reason);
            });
  }

  static Stream<Arguments> pathShouldNotBeGood() {
    PrivateCa expired = PrivateCa.create(named("root").valid(LAST_MONTH, YESTERDAY).authority());
    PrivateCa future = PrivateCa.create(named("root").valid(TOMORROW, NEXT_MONTH).authority());
    PrivateCa expiredSub = ROOT.intermediate(named("sub").valid(LAST_MONTH, YESTERDAY));
    PrivateCa noAuthority = PrivateCa.create(named("root"));
    PrivateCa mayNotSign = PrivateCa.create(named("root").authorityThatMayNotSign());
    PrivateCa narrow = PrivateCa.create(named("root").pathLength(0));
    PrivateCa narrowSub = ROOT.intermediate(named("sub").pathLength(0));
    PrivateCa onlyOther = PrivateCa.create(named("root").onlyFor("other.example"));
    PrivateCa onlyExample = PrivateCa.create(named("root").onlyFor("example.com"));
    PrivateCa onlyOtherSub = ROOT.intermediate(named("sub").onlyFor("other.example"));
    PrivateCa forMail = PrivateCa.create(named("root").mailAuthority());
    String noPath = "no path to the trust anchor that TLSA records name";
    return Stream.of(
        // RFC 7672 §3.2.2, §3.2.3: names.
        row(
            "another name",
            SUB.issue("other.example"),
            "2 0 1",
            ROOT,
            Fault.HOST_MISMATCH,
            "certificate is for other.example, not for mx.example.com"),
        row(
            "common name alone",
            SUB.issueCommonNameOnly(MX),
            "2 0 1",
            ROOT,
            Fault.HOST_MISMATCH,
            "certificate is for no DNS name, not for mx.example.com"),
        row(
            "wildcard for two labels",
            SUB.issue("*.com"),
            "2 0 1",
            ROOT,
            Fault.HOST_MISMATCH,
            "*.com"),
        row(
            "wildcard within a label",
            SUB.issue("m*.example.com"),
            "2 0 1",
            ROOT,
            Fault.HOST_MISMATCH,
            "m*.example.com"),
        // RFC 7671 §5.2: dates.
        row("expired leaf", SUB.issueExpired(MX), "2 0 1", ROOT, Fault.EXPIRED, "expired on "),
        row(
            "expired intermediate",
            expiredSub.issue(LAST_MONTH, TOMORROW, MX),
            "2 0 1",
            ROOT,
            Fault.EXPIRED,
            "expired on " + YESTERDAY.toString().substring(0, 10)),
        row(
            "expired anchor, by certificate",
            expired.issue(LAST_MONTH, TOMORROW, MX),
            "2 0 1",
            expired,
            Fault.EXPIRED,
            "expired on " + YESTERDAY.toString().substring(0, 10)),
        row(
            "expired anchor, by key",
            expired.issue(LAST_MONTH, TOMORROW, MX),
            "2 1 1",
            expired,
            Fault.EXPIRED,
            "expired on "),
        row(
            "expired anchor, by full key",
            expired.issue(LAST_MONTH, TOMORROW, MX),
            "2 1 0",
            expired,
            Fault.EXPIRED,
            "expired on "),
        row(
            "expired anchor in the record",
            expired.issue(LAST_MONTH, TOMORROW, MX).leafOnly(),
            "2 0 0",
            expired,
            Fault.EXPIRED,
            "expired on "),
        row(
            "expired intermediate as anchor",
            expiredSub.issue(LAST_MONTH, TOMORROW, MX),
            "2 0 1",
            expiredSub,
            Fault.EXPIRED,
            "expired on "),
        row(
            "anchor that expired before the leaf began",
            expired.issue(NOW.minusSeconds(60), TOMORROW, MX),
            "2 0 1",
            expired,
            Fault.NOT_TRUSTED,
            "the trust anchor is not valid now"),
        row(
            "leaf not yet valid",
            SUB.issue(TOMORROW, NEXT_MONTH, MX),
            "2 0 1",
            ROOT,
            Fault.NOT_TRUSTED,
            "certificate not valid before "),
        row(
            "anchor not yet valid",
            future.issue(MX),
            "2 0 1",
            future,
            Fault.NOT_TRUSTED,
            "certificate not valid before "),
        // RFC 5280 §6: what is between leaf and anchor.
        arguments(
            "missing intermediate",
            List.of(GOOD.leaf(), ROOT.root()),
            Tlsa.record("2 0 1", ROOT.root()),
            Fault.NOT_TRUSTED,
            noPath),
        row(
            "leaf that signs",
            ROOT.leafAsAuthority("leaf.example").issue(MX),
            "2 0 1",
            ROOT,
            Fault.NOT_TRUSTED,
            noPath),
        row(
            "path length of an intermediate",
            narrowSub.intermediate(named("deep")).issue(MX),
            "2 0 1",
            ROOT,
            Fault.NOT_TRUSTED,
            noPath),
        row(
            "name constraints of an intermediate",
            onlyOtherSub.issue(MX),
            "2 1 1",
            ROOT,
            Fault.NOT_TRUSTED,
            noPath),
        row(
            "for clients",
            SUB.issue(new CertificateDraft().dnsNames(MX).forClients()),
            "2 0 1",
            ROOT,
            Fault.NOT_TRUSTED,
            "its extended key usage is not for TLS servers"),
        row(
            "signed with SHA-1",
            SUB.issue(new CertificateDraft().dnsNames(MX).signedWith("SHA1withECDSA")),
            "2 0 1",
            ROOT,
            Fault.NOT_TRUSTED,
            "CN=leaf is signed with SHA1withECDSA"),
        arguments(
            "chain of 11",
            padded(),
            Tlsa.record("2 0 1", ROOT.root()),
            Fault.NOT_TRUSTED,
            "the server sent 11 certificates, over 10"),
        // RFC 7671 §4.2: what the certificate of an anchor says.
        row(
            "anchor that is no authority",
            noAuthority.issue(MX),
            "2 0 1",
            noAuthority,
            Fault.NOT_TRUSTED,
            "the trust anchor is no authority"),
        row(
            "anchor in the record that is no authority",
            noAuthority.issue(MX).leafOnly(),
            "2 0 0",
            noAuthority,
            Fault.NOT_TRUSTED,
            "the trust anchor is no authority"),
        row(
            "anchor whose key must not sign",
            mayNotSign.issue(MX),
            "2 0 2",
            mayNotSign,
            Fault.NOT_TRUSTED,
            "the trust anchor must not sign certificates"),
        row(
            "path length of the anchor",
            narrow.intermediate(named("deep")).issue(MX),
            "2 0 1",
            narrow,
            Fault.NOT_TRUSTED,
            "the path is longer than the trust anchor allows"),
        row(
            "name constraints of the anchor",
            onlyOther.issue(MX),
            "2 0 1",
            onlyOther,
            Fault.NOT_TRUSTED,
            "the name constraints of the trust anchor exclude a certificate"),
        row(
            "name constraints against an intermediate",
            onlyExample.intermediate(named("deep").dnsNames("sub.other.example")).issue(MX),
            "2 0 1",
            onlyExample,
            Fault.NOT_TRUSTED,
            "the name constraints of the trust anchor exclude a certificate"),
        row(
            "anchor for mail signatures",
            forMail.issue(MX),
            "2 0 1",
            forMail,
            Fault.NOT_TRUSTED,
            "extended key usage of CN=root is not for TLS servers"));
  }

  private static Arguments row(
      String rule,
      Credential credential,
      String numbers,
      PrivateCa anchor,
      Fault fault,
      String reason) {
    return arguments(rule, credential.chain(), Tlsa.record(numbers, anchor.root()), fault, reason);
  }

  private static List<X509Certificate> padded() {
    return Stream.concat(
            FULL_CHAIN.stream(),
            IntStream.range(3, 11).mapToObj(i -> STRANGER.issue(named("s" + i)).leaf()))
        .toList();
  }

  // RFC 7672 §3.2.2: any one name suffices.
  @Test
  @Rule(value = "RFC 7672 D18", in = DaneCertificates.class)
  void anyReferenceIdentifierShouldBeEnough() {
    Judged judged = Judged.at(NOW, SUB.issue("example.com").chain());
    TlsaRecord record = Tlsa.record("2 0 1", ROOT.root());

    assertThat(judged.as("mx.example.com", "example.com").by(record)).isEmpty();
    assertThat(judged.as("mx.example.com", "example.net").by(record))
        .containsExactly(
            new Finding(
                Fault.HOST_MISMATCH,
                "certificate is for example.com, not for example.net or mx.example.com"));
    assertThat(judged.as().by(record))
        .extracting(Finding::fault)
        .containsExactly(Fault.HOST_MISMATCH);
  }

  // RFC 7672 §3.2.3, as far as the operator still wants it.
  @Test
  @Rule(value = "RFC 7672 D19", in = DaneCertificates.class)
  void commonNameShouldCountWhereTheOperatorSaysSoAndNoOtherNameIsThere() {
    TlsaRecord record = Tlsa.record("2 0 1", ROOT.root());

    assertThat(Judged.at(NOW, SUB.issueCommonNameOnly(MX).chain()).withCommonNames().by(record))
        .isEmpty();
    assertThat(
            Judged.at(NOW, SUB.issue(named(MX).dnsNames("other.example")).chain())
                .withCommonNames()
                .by(record))
        .extracting(Finding::fault)
        .containsExactly(Fault.HOST_MISMATCH);
  }

  // Whoever overlooks one fault must not overlook the others with it.
  @Test
  void everythingThatIsWrongShouldBeFound() {
    assertThat(faults(SUB.issueExpired("other.example").chain(), Tlsa.record("2 0 1", ROOT.root())))
        .containsExactly(Fault.EXPIRED, Fault.HOST_MISMATCH);
    assertThat(
            faults(
                List.of(STRANGER.issueExpired("other.example").leaf(), ROOT.root()),
                Tlsa.record("2 0 1", ROOT.root())))
        .containsExactly(Fault.NOT_TRUSTED, Fault.EXPIRED, Fault.HOST_MISMATCH);
  }

  @Test
  void recordThatComesNearestShouldBeTold() {
    assertThat(
            faults(
                SUB.issueExpired(MX).chain(),
                Tlsa.record("3 1 1", GOOD.leaf()),
                Tlsa.record("2 0 1", STRANGER.root()),
                Tlsa.record("2 0 1", ROOT.root())))
        .containsExactly(Fault.EXPIRED);
  }

  private static List<TlsaRecord> by(String numbers, PrivateCa anchor) {
    return List.of(Tlsa.record(numbers, anchor.root()));
  }

  private static CertificateDraft named(String name) {
    return new CertificateDraft().commonName(name);
  }

  private static List<Fault> faults(List<X509Certificate> chain, TlsaRecord... records) {
    return Judged.at(NOW, chain).by(records).stream().map(Finding::fault).toList();
  }
}
