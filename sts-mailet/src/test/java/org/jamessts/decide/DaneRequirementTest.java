package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.decide.Channels.MX;
import static org.jamessts.decide.Promises.FAILED;
import static org.jamessts.decide.Promises.NONE;
import static org.jamessts.decide.Promises.NOT_PROVEN;
import static org.jamessts.decide.Promises.PROVEN;
import static org.jamessts.decide.Promises.UNUSABLE;
import static org.jamessts.decide.RealChannels.CA;
import static org.jamessts.decide.RealChannels.GOOD;
import static org.jamessts.decide.RealChannels.NOW;
import static org.jamessts.decide.RealChannels.OTHER;
import static org.jamessts.decide.RealChannels.tls;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxLookup;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.DomainPattern;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.ResultType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What TLSA records mean for a mail, and what their absence does where DANE is mandatory. */
class DaneRequirementTest {

  private static final Channel CLEAR = new Channel.NotOffered();
  private static final Channel REFUSED = new Channel.Refused("454 not now");
  private static final Channel BROKEN = new Channel.HandshakeFailed("alert 40");
  private static final String GOES = "goes";
  private static final String VERIFIED = "goes verified";

  /** A certificate that nothing but a record can vouch for. */
  private static final PrivateCa.Credential ODD =
      PrivateCa.create("Nobody")
          .issue(NOW.minusSeconds(9_000_000), NOW.minusSeconds(60), "x.invalid");

  private static final PrivateCa.Credential EXPIRED =
      CA.issue(NOW.minusSeconds(9_000), NOW.minusSeconds(60), MX.value());

  private static final DaneLookup MATCHES = Promises.leaf(GOOD.leaf());
  private static final DaneLookup DIFFERS = Promises.leaf(OTHER.leaf());
  private static final DaneLookup ANCHOR = Promises.anchor(MX, CA.root());

  /** Rule, how the host was found, its records, the channel; outcomes without and with a demand. */
  static List<Arguments> decisions() {
    return List.of(
        // RFC 7672 §2.2.1, §6: nothing proves the MX records
        row("§2.2.1: insecure MX", NOT_PROVEN, NONE, CLEAR, GOES, "dane-required"),
        row("§2.2.1: insecure MX, TLS", NOT_PROVEN, NONE, tls(GOOD), GOES, "dane-required"),
        row("§2.2.1: half-DANE", NOT_PROVEN, MATCHES, tls(GOOD), GOES, "dane-required"),
        row(
            "§2.2.1: half, no match",
            NOT_PROVEN,
            DIFFERS,
            tls(GOOD),
            "tlsa-invalid",
            "dane-required"),
        row(
            "§2.2.1: half, clear",
            NOT_PROVEN,
            MATCHES,
            CLEAR,
            "starttls-not-supported",
            "dane-required"),
        row(
            "§2.2.1: half, failure",
            NOT_PROVEN,
            FAILED,
            tls(GOOD),
            "dnssec-invalid",
            "dnssec-invalid"),
        // §2.2: what the records are
        row("§2.2: none", PROVEN, NONE, tls(GOOD), GOES, "dane-required"),
        row("§2.2: none, clear", PROVEN, NONE, CLEAR, GOES, "dane-required"),
        row("§2.2: none, refused", PROVEN, NONE, REFUSED, GOES, "dane-required"),
        row("§2.2: none, no TLS", PROVEN, NONE, BROKEN, GOES, "dane-required"),
        row("§2.1.2: lookup failed", PROVEN, FAILED, tls(GOOD), "dnssec-invalid", "dnssec-invalid"),
        row("§2.1.2: failed, clear", PROVEN, FAILED, CLEAR, "dnssec-invalid", "dnssec-invalid"),
        row("§2.2: unusable, any TLS", PROVEN, UNUSABLE, tls(ODD), GOES, "dane-required"),
        row(
            "§2.2: unusable, clear",
            PROVEN,
            UNUSABLE,
            CLEAR,
            "starttls-not-supported",
            "dane-required"),
        row(
            "§2.2: unusable, refused",
            PROVEN,
            UNUSABLE,
            REFUSED,
            "starttls-not-supported",
            "dane-required"),
        row(
            "§2.2: unusable, no TLS",
            PROVEN,
            UNUSABLE,
            BROKEN,
            "tls-handshake-failed",
            "dane-required"),
        // §2.2: what the host presents
        row("§3.1.1: match", PROVEN, MATCHES, tls(GOOD), VERIFIED, VERIFIED),
        row(
            "§3.1.1: no names, no dates",
            PROVEN,
            Promises.leaf(ODD.leaf()),
            tls(ODD),
            VERIFIED,
            VERIFIED),
        row("§2.2: no match", PROVEN, DIFFERS, tls(GOOD), "tlsa-invalid", "tlsa-invalid"),
        row(
            "§2.2: clear",
            PROVEN,
            MATCHES,
            CLEAR,
            "starttls-not-supported",
            "starttls-not-supported"),
        row(
            "§2.2: refused",
            PROVEN,
            MATCHES,
            REFUSED,
            "starttls-not-supported",
            "starttls-not-supported"),
        row(
            "§2.2: no TLS",
            PROVEN,
            MATCHES,
            BROKEN,
            "tls-handshake-failed",
            "tls-handshake-failed"),
        // §3.1.2: what a trust anchor demands
        row("§3.1.2: below the anchor", PROVEN, ANCHOR, tls(GOOD), VERIFIED, VERIFIED),
        row(
            "§3.1.2: by the domain's name",
            PROVEN,
            ANCHOR,
            tls(issue("example.com")),
            VERIFIED,
            VERIFIED),
        row(
            "§3.2.2: that name counts by a proven MX only",
            NOT_PROVEN,
            ANCHOR,
            tls(issue("example.com")),
            "certificate-host-mismatch",
            "dane-required"),
        row(
            "§3.1.2: another's name",
            PROVEN,
            ANCHOR,
            tls(OTHER),
            "certificate-host-mismatch",
            "certificate-host-mismatch"),
        row(
            "§3.1.2: expired",
            PROVEN,
            ANCHOR,
            tls(EXPIRED),
            "certificate-expired",
            "certificate-expired"));
  }

  private static PrivateCa.Credential issue(String name) {
    return CA.issue(NOW.minusSeconds(60), NOW.plusSeconds(60), name);
  }

  private static Arguments row(
      String rule,
      MxLookup.Hosts route,
      DaneLookup lookup,
      Channel channel,
      String opportunistic,
      String mandatory) {
    return Arguments.of(rule, route, lookup, channel, opportunistic, mandatory);
  }

  @ParameterizedTest(name = "RFC 7672 {0}")
  @MethodSource("decisions")
  @Rule(value = "RFC 7672 D4", in = DaneRequirement.class)
  @Rule(value = "RFC 7672 D6", in = DaneRequirement.class)
  @Rule(value = "RFC 7672 D7", in = DaneRequirement.class)
  @Rule(value = "RFC 7672 D8", in = HostRequirements.class)
  @Rule(value = "RFC 7672 D20", in = DaneRequirement.class)
  void hostShouldBeJudgedByItsRecords(
      String rule,
      MxLookup.Hosts route,
      DaneLookup lookup,
      Channel channel,
      String opportunistic,
      String mandatory) {
    DaneHost host = DaneHost.of(Promises.DOMAIN, route, MX, lookup, true);

    assertThat(outcome(Promises.BOTH.of(domain(), host), channel)).isEqualTo(opportunistic);
    assertThat(outcome(Promises.BOTH.of(domain(demand()), host), channel)).isEqualTo(mandatory);
  }

  static DomainPolicy domain(DomainOverride... overrides) {
    return new DomainPolicy(
        Promises.DOMAIN, new PolicyLookup.None("none", Optional.empty()), List.of(overrides));
  }

  static DomainOverride demand(FailureKind... exempt) {
    return new DomainOverride(
        new DomainPattern(false, Promises.DOMAIN),
        Optional.of(Minimum.DANE),
        Optional.empty(),
        Set.of(exempt),
        Optional.of(NOW.plusSeconds(60)),
        "");
  }

  private static DomainOverride exemption(FailureKind kind) {
    return new DomainOverride(
        new DomainPattern(false, Promises.DOMAIN),
        Optional.empty(),
        Optional.empty(),
        Set.of(kind),
        Optional.of(NOW.plusSeconds(60)),
        "");
  }

  /** As a delivery asks: first by the name alone. */
  static String outcome(TlsRequirement requirement, Channel channel) {
    Verdict admitted = requirement.admit(MX);
    Verdict verdict =
        admitted instanceof Verdict.NextHost ? admitted : requirement.judge(MX, channel, NOW);
    if (verdict instanceof Verdict.NextHost refused) {
      // What is refused by name is refused at the end, too.
      assertThat(requirement.judge(MX, channel, NOW)).isInstanceOf(Verdict.NextHost.class);
      return refused.cause().kind().keyword();
    }
    return requirement.isVerified(MX, channel, NOW) ? VERIFIED : GOES;
  }

  @Test
  void hostShouldNotEvenBeContactedWhenItsRecordsDoNotAllowIt() {
    TlsRequirement failed = Promises.BOTH.of(domain(), Promises.host(FAILED));
    TlsRequirement demanded = Promises.BOTH.of(domain(demand()), Promises.host(NONE));

    assertThat(failed.admit(MX).finding())
        .contains(
            new Finding(
                FailureKind.DNSSEC_INVALID,
                new Explanation(
                    "DANE mx1.example.com: mx1.example.com: TLSA lookup failed: signature expired",
                    "RFC 7672 section 2.1.2",
                    Freshness.OF_THE_DNS,
                    "the DNS servers of the host answer, with signatures that hold, or the"
                        + " operator of this server exempts dnssec-invalid")));
    assertThat(failed.admit(MX)).isInstanceOf(Verdict.NextHost.class);
    assertThat(demanded.admit(MX)).isInstanceOf(Verdict.NextHost.class);
    assertThat(demanded.admit(MX).finding())
        .map(finding -> finding.why().evidence())
        .contains(
            "mandatory DANE mx1.example.com: mx1.example.com: no TLSA records: there are none");
  }

  @Test
  void findingShouldHaveTheTypeOfRfc8460AndItsCode() {
    TlsRequirement differs = Promises.BOTH.of(domain(), Promises.host(DIFFERS));
    Finding mismatch = differs.judge(MX, tls(GOOD), NOW).finding().orElseThrow();
    Finding clear = differs.judge(MX, CLEAR, NOW).finding().orElseThrow();
    Finding demanded =
        Promises.BOTH.of(domain(demand()), Promises.host(NONE)).admit(MX).finding().orElseThrow();

    assertThat(mismatch.type()).isEqualTo(ResultType.TLSA_INVALID);
    assertThat(mismatch.code().queued()).isEqualTo("450 4.7.5");
    assertThat(mismatch.why().evidence()).startsWith("DANE mx1.example.com: mx1.example.com: ");
    assertThat(clear.code().queued()).isEqualTo("450 4.7.4");
    assertThat(demanded.type()).isEqualTo(ResultType.DANE_REQUIRED);
    assertThat(demanded.code().ultimate()).isEqualTo("550 5.7.5");
  }

  @Test
  void requirementShouldSayWhatItRestsOn() {
    DomainName base = new DomainName("a.example.org");
    assertThat(describe(Promises.host(MATCHES))).isEqualTo("DANE mx1.example.com");
    assertThat(describe(Promises.host(Promises.anchor(base, CA.root()))))
        .isEqualTo("DANE mx1.example.com by a.example.org");
    assertThat(describe(Promises.host(UNUSABLE)))
        .isEqualTo("DANE mx1.example.com (no usable records)");
    assertThat(describe(DaneHost.of(Promises.DOMAIN, NOT_PROVEN, MX, MATCHES, true)))
        .isEqualTo("DANE mx1.example.com (MX records not proven)");
    assertThat(Promises.BOTH.of(domain(demand()), Promises.host(MATCHES)).describe())
        .isEqualTo("mandatory DANE mx1.example.com");
  }

  private static String describe(DaneHost host) {
    return Promises.BOTH.of(domain(), host).describe();
  }

  @Test
  void nothingShouldBeRequiredWhereNothingIsPromised() {
    assertThat(Promises.BOTH.of(domain(), Promises.host(NONE))).isEqualTo(new Opportunistic());
    assertThatThrownBy(
            () -> new DaneRequirement(Promises.check(Promises.host(NONE)), false, Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void exemptionShouldLetThatKindPassAndNoOther() {
    TlsRequirement lenient =
        Promises.BOTH.of(domain(exemption(FailureKind.TLSA_INVALID)), Promises.host(DIFFERS));
    assertThat(outcome(lenient, tls(GOOD))).isEqualTo(GOES);
    assertThat(lenient.judge(MX, tls(GOOD), NOW).finding())
        .map(Finding::kind)
        .contains(FailureKind.TLSA_INVALID);
    assertThat(outcome(lenient, CLEAR)).isEqualTo("starttls-not-supported");

    TlsRequirement failing =
        Promises.BOTH.of(domain(exemption(FailureKind.DNSSEC_INVALID)), Promises.host(FAILED));
    assertThat(outcome(failing, tls(ODD))).isEqualTo(GOES);
    // There may be records, which would not allow this.
    assertThat(outcome(failing, CLEAR)).isEqualTo("starttls-not-supported");

    TlsRequirement demanded =
        Promises.BOTH.of(domain(demand(FailureKind.DANE_REQUIRED)), Promises.host(NONE));
    assertThat(outcome(demanded, tls(ODD))).isEqualTo(GOES);
    assertThat(outcome(demanded, CLEAR)).isEqualTo("starttls-not-supported");
  }
}
