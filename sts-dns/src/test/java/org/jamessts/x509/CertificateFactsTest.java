package org.jamessts.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateCa.Credential;
import org.jamessts.testing.Rule;
import org.jamessts.x509.CertificateFacts.Fault;
import org.jamessts.x509.CertificateFacts.Finding;
import org.jamessts.x509.CertificateFacts.Names;
import org.jamessts.x509.CertificateFacts.Trusted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

// The certificates are made around the present, so the present is where they are judged.
@SuppressWarnings("TimeInStaticInitializer")
class CertificateFactsTest {

  private static final Instant NOW = Instant.now();
  private static final Instant YESTERDAY = NOW.minus(Duration.ofDays(1));
  private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));
  private static final Instant LAST_MONTH = NOW.minus(Duration.ofDays(30));
  private static final Instant NEXT_MONTH = NOW.plus(Duration.ofDays(30));
  private static final String MX = "mx.example.com";
  private static final PrivateCa CA = PrivateCa.create("root");
  private static final PrivateCa STRANGER = PrivateCa.create("root");
  private static final PathBuilder PATHS =
      new PathBuilder(TrustAnchors.of(List.of(CA.root())), Clock.fixed(NOW, ZoneOffset.UTC));

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(
      value = "RFC 8461 S6",
      in = {CertificateFacts.class, PathBuilder.class})
  @Rule(
      value = "RFC 8461 S21",
      in = {CertificateFacts.class, PathBuilder.class})
  void faultForShouldFindNothingWrong(String rule, Credential credential) throws Exception {
    assertThat(faultFor(credential)).isEmpty();
  }

  static Stream<Arguments> faultForShouldFindNothingWrong() {
    PrivateCa intermediate = CA.intermediate(new CertificateDraft().commonName("sub"));
    Credential below = intermediate.issue(MX);
    return Stream.of(
        arguments("exact name", CA.issue(MX)),
        arguments("one of several names", CA.issue("a.example", "MX.example.COM")),
        arguments("wildcard", CA.issue("*.example.com")),
        arguments("the root is not sent", CA.issue(MX).leafOnly()),
        arguments("intermediate and root sent", below),
        arguments(
            "intermediate sent without the root",
            new Credential(below.key(), below.chain().subList(0, 2))),
        arguments(
            "chain in disorder, with a stranger",
            new Credential(
                below.key(),
                List.of(below.leaf(), STRANGER.root(), CA.root(), intermediate.root()))),
        arguments("no purpose given", CA.issue(draft().withoutPurpose())),
        arguments("last second", CA.issue(LAST_MONTH, NOW.plusSeconds(1), MX)),
        arguments("first second", CA.issue(NOW, NEXT_MONTH, MX)),
        arguments(
            "an expired certificate that the path does not need",
            new Credential(
                below.key(),
                List.of(
                    below.leaf(), intermediate.root(), CA.issueExpired("old.example").leaf()))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(
      value = "RFC 8461 S6",
      in = {CertificateFacts.class, PathBuilder.class})
  @Rule(
      value = "RFC 8461 S21",
      in = {CertificateFacts.class, PathBuilder.class})
  void faultForShouldSayWhatIsWrong(
      String rule, Credential credential, Fault fault, String explanation) throws Exception {
    assertThat(faultFor(credential))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.fault()).isEqualTo(fault);
              assertThat(finding.explanation()).contains(explanation);
            });
  }

  static Stream<Arguments> faultForShouldSayWhatIsWrong() {
    Credential below = CA.intermediate(new CertificateDraft().commonName("sub")).issue(MX);
    PrivateCa expired =
        CA.intermediate(new CertificateDraft().commonName("expired").valid(LAST_MONTH, YESTERDAY));
    Credential strangers = STRANGER.issue(MX);
    return Stream.of(
        // RFC 8461 §4.2, §3.3: DNS-IDs only; the rows that the JDK's own check accepts.
        arguments(
            "common name only",
            CA.issueCommonNameOnly(MX),
            Fault.HOST_MISMATCH,
            "certificate is for no DNS name, not for mx.example.com"),
        arguments(
            "common name beside an address",
            CA.issue(new CertificateDraft().commonName(MX).ipAddress("192.0.2.1")),
            Fault.HOST_MISMATCH,
            "for no DNS name"),
        arguments("m*", CA.issue("m*.example.com"), Fault.HOST_MISMATCH, "m*.example.com"),
        arguments("inner wildcard", CA.issue("mx.*.com"), Fault.HOST_MISMATCH, "mx.*.com"),
        arguments("two wildcards", CA.issue("*.*.com"), Fault.HOST_MISMATCH, "*.*.com"),
        arguments("parent only", CA.issue("example.com"), Fault.HOST_MISMATCH, "for example.com,"),
        arguments(
            "many names",
            CA.issue("a.x", "b.x", "c.x", "d.x", "e.x"),
            Fault.HOST_MISMATCH,
            "certificate is for a.x, b.x, c.x and 2 more, not for mx.example.com"),
        // RFC 8461 §4.2: not expired.
        arguments(
            "expired yesterday",
            CA.issueExpired(MX),
            Fault.EXPIRED,
            "certificate expired on " + NOW.minus(Duration.ofDays(1)).toString().substring(0, 10)),
        arguments(
            "expired intermediate",
            expired.issue(LAST_MONTH, TOMORROW, MX),
            Fault.EXPIRED,
            "expired on"),
        arguments(
            "intermediate that expired before the leaf began",
            expired.issue(NOW.minusSeconds(60), TOMORROW, MX),
            Fault.NOT_TRUSTED,
            "no path to a trusted root"),
        arguments(
            "not yet valid",
            CA.issue(TOMORROW, NEXT_MONTH, MX),
            Fault.NOT_TRUSTED,
            "certificate not valid before"),
        // RFC 8461 §4.2: chains to a trusted root.
        arguments(
            "self-signed",
            PrivateCa.selfSigned(MX),
            Fault.NOT_TRUSTED,
            "certificate not trusted: no path to a trusted root"),
        arguments(
            "unknown root of the same name, sent along",
            strangers,
            Fault.NOT_TRUSTED,
            "certificate not trusted"),
        arguments("unknown root, not sent", strangers.leafOnly(), Fault.NOT_TRUSTED, "not trusted"),
        arguments(
            "unknown root, expired leaf: an expired stranger is a stranger",
            STRANGER.issueExpired(MX),
            Fault.NOT_TRUSTED,
            "not trusted"),
        arguments(
            "intermediate not sent",
            below.leafOnly(),
            Fault.NOT_TRUSTED,
            "no path to a trusted root"),
        arguments("leaf that signs", issuedByALeaf(), Fault.NOT_TRUSTED, "certificate not trusted"),
        arguments(
            "for clients",
            CA.issue(draft().forClients()),
            Fault.NOT_TRUSTED,
            "not for TLS servers"),
        // RFC 5280 §4.2.1.12: browsers hold authorities to it too, and others rely on that.
        arguments(
            "authority for mail signatures",
            CA.authority(new CertificateDraft().commonName("smime").mailAuthority()).issue(MX),
            Fault.NOT_TRUSTED,
            "extended key usage of CN=smime is not for TLS servers"),
        arguments(
            "signed with SHA-1",
            CA.issue(draft().signedWith("SHA1withECDSA")),
            Fault.NOT_TRUSTED,
            "CN=leaf is signed with SHA1withECDSA"),
        arguments("more intermediates than 8", deep(9), Fault.NOT_TRUSTED, "not trusted"),
        arguments(
            "chain of 11",
            padded(11),
            Fault.NOT_TRUSTED,
            "the server sent 11 certificates, over 10"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(
      value = "draft-margolis-smtp-sts-00 A9",
      in = {CertificateFacts.class, PathBuilder.class})
  void commonNameShouldCountOnlyWhereItMay(
      String rule, Credential credential, List<Fault> byDnsIds, List<Fault> byCommonName)
      throws Exception {
    assertThat(faultsFor(credential, Names.DNS_IDS)).isEqualTo(byDnsIds);
    assertThat(faultsFor(credential, Names.DNS_IDS_OR_COMMON_NAME)).isEqualTo(byCommonName);
  }

  static Stream<Arguments> commonNameShouldCountOnlyWhereItMay() {
    List<Fault> mismatch = List.of(Fault.HOST_MISMATCH);
    return Stream.of(
        arguments("a DNS-ID", CA.issue(MX), List.of(), List.of()),
        arguments("common name alone", CA.issueCommonNameOnly(MX), mismatch, List.of()),
        arguments(
            "common name alone, in capitals",
            CA.issueCommonNameOnly("MX.Example.COM"),
            mismatch,
            List.of()),
        arguments(
            "common name with a wildcard",
            CA.issueCommonNameOnly("*.example.com"),
            mismatch,
            List.of()),
        arguments(
            "common name of another host",
            CA.issueCommonNameOnly("mx2.example.com"),
            mismatch,
            mismatch),
        arguments(
            "common name that only contains the host",
            CA.issueCommonNameOnly(MX + ".attacker.example"),
            mismatch,
            mismatch),
        arguments(
            "host within the text of another common name",
            CA.issueCommonNameOnly("attacker.example\\,CN=" + MX),
            mismatch,
            mismatch),
        arguments(
            "the most specific of two common names",
            CA.issueCommonNameOnly("attacker.example,CN=" + MX),
            mismatch,
            List.of()),
        arguments(
            "not the other one",
            CA.issueCommonNameOnly(MX + ",CN=attacker.example"),
            mismatch,
            mismatch),
        arguments(
            "RFC 6125 §6.4.4: common name beside a DNS-ID",
            CA.issue(new CertificateDraft().commonName(MX).dnsNames("other.example")),
            mismatch,
            mismatch),
        arguments(
            "common name beside an address",
            CA.issue(new CertificateDraft().commonName(MX).ipAddress("192.0.2.1")),
            mismatch,
            mismatch),
        arguments(
            "no common name that is a host", CA.issueCommonNameOnly("leaf"), mismatch, mismatch));
  }

  // Whoever overlooks one fault must not overlook the others with it.
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void faultsForShouldFindEverythingThatIsWrong(
      String what, Credential credential, List<Fault> faults) throws Exception {
    assertThat(faultsFor(credential, Names.DNS_IDS)).isEqualTo(faults);
  }

  static Stream<Arguments> faultsForShouldFindEverythingThatIsWrong() {
    return Stream.of(
        arguments(
            "expired and for another host",
            CA.issueExpired("other.example"),
            List.of(Fault.EXPIRED, Fault.HOST_MISMATCH)),
        arguments(
            "untrusted and expired",
            STRANGER.issueExpired(MX),
            List.of(Fault.NOT_TRUSTED, Fault.EXPIRED)),
        arguments(
            "untrusted, expired and for another host",
            STRANGER.issueExpired("other.example"),
            List.of(Fault.NOT_TRUSTED, Fault.EXPIRED, Fault.HOST_MISMATCH)),
        arguments(
            "untrusted and not yet valid: once is enough",
            STRANGER.issue(TOMORROW, NEXT_MONTH, MX),
            List.of(Fault.NOT_TRUSTED)),
        arguments(
            "not yet valid and for another host",
            CA.issue(TOMORROW, NEXT_MONTH, "other.example"),
            List.of(Fault.NOT_TRUSTED, Fault.HOST_MISMATCH)));
  }

  private static List<Fault> faultsFor(Credential credential, Names names) throws Exception {
    return PATHS.facts(credential.chain()).faultsFor(DomainName.parse(MX), NOW, names).stream()
        .map(Finding::fault)
        .toList();
  }

  @Test
  void faultForShouldAcceptTheLongestChains() throws Exception {
    assertThat(faultFor(deep(8))).isEmpty();
    assertThat(faultFor(padded(10))).isEmpty();
  }

  @Test
  void faultForShouldJudgeTheSameFactsAnewAtEveryMoment() throws Exception {
    CertificateFacts facts = PATHS.facts(CA.issue(YESTERDAY, TOMORROW, MX).chain());
    DomainName host = DomainName.parse(MX);

    assertThat(facts.faultFor(host, LAST_MONTH).map(Finding::fault)).contains(Fault.NOT_TRUSTED);
    assertThat(facts.faultFor(host, NOW)).isEmpty();
    assertThat(facts.faultFor(host, NEXT_MONTH).map(Finding::fault)).contains(Fault.EXPIRED);
  }

  @Test
  void factsShouldTrustExactlyTheCertificateThatAnOperatorTrusts() throws Exception {
    Credential credential = PrivateCa.selfSigned(MX);
    PathBuilder paths =
        new PathBuilder(TrustAnchors.of(List.of(credential.leaf())), Clock.systemUTC());

    assertThat(paths.facts(credential.chain()).faultFor(DomainName.parse(MX), NOW)).isEmpty();
  }

  // An operator who trusts one server's own certificate has not made it an authority.
  @Test
  void factsShouldNotTrustWhatATrustedServerCertificateHasSigned() throws Exception {
    PrivateCa server = PrivateCa.selfSignedAsAuthority("partner.example");
    PathBuilder paths =
        new PathBuilder(TrustAnchors.of(List.of(CA.root(), server.root())), Clock.systemUTC());

    assertThat(paths.facts(server.issue(MX).chain()).faultFor(DomainName.parse(MX), NOW))
        .map(Finding::fault)
        .contains(Fault.NOT_TRUSTED);
  }

  @Test
  void factsShouldTrustNothingWithoutAnchors() throws Exception {
    PathBuilder paths = new PathBuilder(TrustAnchors.of(List.of()), Clock.systemUTC());

    assertThat(paths.facts(CA.issue(MX).chain()).faultFor(DomainName.parse(MX), NOW))
        .contains(
            new Finding(
                Fault.NOT_TRUSTED, "certificate not trusted: no trusted roots are configured"));
  }

  @Test
  void constructorShouldRefuseAnEmptyChain() {
    assertThatThrownBy(
            () ->
                new CertificateFacts(List.of(), new Trusted(NOW, NOW), List.of(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Optional<Finding> faultFor(Credential credential) throws Exception {
    return PATHS.facts(credential.chain()).faultFor(DomainName.parse(MX), NOW);
  }

  private static CertificateDraft draft() {
    return new CertificateDraft().dnsNames(MX);
  }

  private static Credential issuedByALeaf() {
    return CA.leafAsAuthority("leaf.example").issue(MX);
  }

  private static Credential deep(int intermediates) {
    PrivateCa lowest = CA;
    for (int i = 0; i < intermediates; i++) {
      lowest = lowest.intermediate(new CertificateDraft().commonName("level " + i));
    }
    return lowest.issue(MX);
  }

  private static Credential padded(int length) {
    Credential leaf = CA.issue(MX);
    return new Credential(
        leaf.key(),
        Stream.concat(
                leaf.chain().stream(),
                IntStream.range(2, length)
                    .mapToObj(i -> STRANGER.issue(new CertificateDraft().commonName("s" + i)))
                    .map(Credential::leaf))
            .toList());
  }
}
