package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.decide.Channels.MX;
import static org.jamessts.decide.Channels.STRANGER;
import static org.jamessts.decide.DaneRequirementTest.outcome;
import static org.jamessts.decide.Promises.FAILED;
import static org.jamessts.decide.Promises.NONE;
import static org.jamessts.decide.Promises.UNUSABLE;
import static org.jamessts.decide.RealChannels.GOOD;
import static org.jamessts.decide.RealChannels.NOW;
import static org.jamessts.decide.RealChannels.OTHER;
import static org.jamessts.decide.RealChannels.SELF_SIGNED;
import static org.jamessts.decide.RealChannels.tls;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.DomainPattern;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A host with TLSA records, of a domain that has a policy too (RFC 8461 §2). */
class DaneBesideStsTest {

  private static final String GOES = "goes";
  private static final String VERIFIED = "goes verified";
  private static final Channel CLEAR = new Channel.NotOffered();
  private static final Channel VALID = tls(GOOD);
  private static final Channel BY_NOBODY = tls(SELF_SIGNED);

  private static final DaneLookup MATCHES = Promises.leaf(GOOD.leaf());
  private static final DaneLookup MATCHES_NOBODY = Promises.leaf(SELF_SIGNED.leaf());
  private static final DaneLookup DIFFERS = Promises.leaf(OTHER.leaf());

  private static final PolicyLookup ENFORCE = mtaSts(StsMode.ENFORCE, MX);
  private static final PolicyLookup TESTING = mtaSts(StsMode.TESTING, MX);
  private static final PolicyLookup NAMES_ANOTHER = mtaSts(StsMode.ENFORCE, STRANGER);
  private static final PolicyLookup DRAFT = draft("webpki");

  private static StsPolicy policy(StsMode mode, DomainName mx) {
    return new StsPolicy(
        mode, List.of(new MxPattern(MxPattern.Kind.HOST, mx)), Duration.ofDays(7), "text");
  }

  private static PolicyLookup mtaSts(StsMode mode, DomainName mx) {
    return new PolicyLookup.Known(
        new KnownMtaStsPolicy(Promises.DOMAIN, "1", policy(mode, mx), NOW), Optional.empty());
  }

  private static PolicyLookup draft(String constraint) {
    String text =
        "v=STS1; to=true; mx=mx1.example.com; a=webpki:https://example.com/sts; e=9; c="
            + constraint;
    return new PolicyLookup.Draft(
        new KnownDraftPolicy(
            Promises.DOMAIN,
            ((SmtpStsRecordParse.Parsed) SmtpStsRecord.parse(text)).record(),
            KnownDraftPolicy.Standing.CONFIRMED,
            NOW,
            NOW.plusSeconds(9)),
        Optional.empty(),
        false,
        Optional.empty());
  }

  /**
   * What is proven, what is published, the channel; outcomes of both together, and by the switch.
   */
  static List<Arguments> both() {
    return List.of(
        row("both fine", MATCHES, ENFORCE, VALID, VERIFIED, VERIFIED),
        row("STS fails", MATCHES_NOBODY, ENFORCE, BY_NOBODY, "certificate-not-trusted", VERIFIED),
        row("STS fails by name", MATCHES, NAMES_ANOTHER, VALID, "mx-mismatch", VERIFIED),
        row(
            "the draft fails",
            MATCHES_NOBODY,
            DRAFT,
            BY_NOBODY,
            "certificate-not-trusted",
            VERIFIED),
        row("STS fails in testing", MATCHES_NOBODY, TESTING, BY_NOBODY, VERIFIED, VERIFIED),
        row("DANE fails", DIFFERS, ENFORCE, VALID, "tlsa-invalid", "tlsa-invalid"),
        row("DANE fails, testing", DIFFERS, TESTING, VALID, "tlsa-invalid", "tlsa-invalid"),
        row("DANE fails, draft", DIFFERS, DRAFT, VALID, "tlsa-invalid", "tlsa-invalid"),
        row("nobody can tell", FAILED, ENFORCE, VALID, "dnssec-invalid", "dnssec-invalid"),
        row("nobody can tell, testing", FAILED, TESTING, VALID, "dnssec-invalid", "dnssec-invalid"),
        row("unusable, STS fine", UNUSABLE, ENFORCE, VALID, VERIFIED, VERIFIED),
        row(
            "unusable replaces nothing",
            UNUSABLE,
            ENFORCE,
            BY_NOBODY,
            "certificate-not-trusted",
            "certificate-not-trusted"),
        row(
            "testing lowers nothing",
            UNUSABLE,
            TESTING,
            CLEAR,
            "starttls-not-supported",
            "starttls-not-supported"),
        row("none, STS fine", NONE, ENFORCE, VALID, VERIFIED, VERIFIED),
        row(
            "none, STS fails",
            NONE,
            ENFORCE,
            BY_NOBODY,
            "certificate-not-trusted",
            "certificate-not-trusted"),
        row("none, testing", NONE, TESTING, CLEAR, GOES, GOES));
  }

  private static Arguments row(
      String name,
      DaneLookup lookup,
      PolicyLookup published,
      Channel channel,
      String both,
      String daneAlone) {
    return Arguments.of(name, lookup, published, channel, both, daneAlone);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("both")
  @Rule(
      value = "RFC 8461 S1",
      in = {DaneRequirement.class, HostRequirements.class})
  void bothShouldHoldUnlessDaneIsToDecideAlone(
      String name,
      DaneLookup lookup,
      PolicyLookup published,
      Channel channel,
      String both,
      String daneAlone) {
    DomainPolicy domain = DomainPolicy.of(Promises.DOMAIN, published);
    DaneHost host = Promises.host(lookup);

    assertThat(outcome(Promises.BOTH.of(domain, host), channel)).as(name).isEqualTo(both);
    assertThat(outcome(Promises.DANE_ALONE.of(domain, host), channel)).isEqualTo(daneAlone);
  }

  @Test
  void nameOfAHostShouldBeLeftToStsWhereDnssecDoesNotProveIt() {
    DaneHost half = DaneHost.of(Promises.DOMAIN, Promises.NOT_PROVEN, MX, MATCHES_NOBODY, true);

    for (HostRequirements requirements : List.of(Promises.BOTH, Promises.DANE_ALONE)) {
      assertThat(
              outcome(requirements.of(DomainPolicy.of(Promises.DOMAIN, ENFORCE), half), BY_NOBODY))
          .isEqualTo("certificate-not-trusted");
    }
  }

  private static DomainOverride said(Optional<Minimum> minimum, Optional<StsPolicy> policy) {
    return new DomainOverride(
        new DomainPattern(false, Promises.DOMAIN), minimum, policy, Set.of(), Optional.empty(), "");
  }

  @Test
  void whatTheOperatorSaysShouldHoldWhenDaneDecidesAlone() {
    for (DomainOverride override :
        List.of(
            said(Optional.of(Minimum.VERIFIED), Optional.empty()),
            said(Optional.empty(), Optional.of(policy(StsMode.ENFORCE, MX))))) {
      DomainPolicy domain = new DomainPolicy(Promises.DOMAIN, ENFORCE, List.of(override));

      assertThat(outcome(Promises.DANE_ALONE.of(domain, Promises.host(MATCHES_NOBODY)), BY_NOBODY))
          .isEqualTo("certificate-not-trusted");
    }
  }

  @Test
  void mandatoryDaneShouldHoldBesideAnotherMinimum() {
    DomainPolicy domain =
        new DomainPolicy(
            Promises.DOMAIN,
            ENFORCE,
            List.of(
                said(Optional.of(Minimum.VERIFIED), Optional.empty()),
                said(Optional.of(Minimum.DANE), Optional.empty())));

    assertThat(outcome(Promises.BOTH.of(domain, Promises.host(NONE)), VALID))
        .isEqualTo("dane-required");
    assertThat(outcome(Promises.BOTH.of(domain, Promises.host(MATCHES)), VALID))
        .isEqualTo(VERIFIED);
    assertThat(Promises.BOTH.of(domain, Promises.host(MATCHES)).describe())
        .isEqualTo(
            "mandatory DANE mx1.example.com and MTA-STS (enforce) example.com"
                + " and operator's minimum (verified) example.com");
  }

  /** Draft -00 §3.4: what c=tlsa asks for, alone. */
  static List<Arguments> constraints() {
    return List.of(
        Arguments.of("a match", Promises.host(MATCHES), VALID, VERIFIED),
        Arguments.of(
            "any certificate that matches", Promises.host(MATCHES_NOBODY), BY_NOBODY, VERIFIED),
        Arguments.of("no match", Promises.host(DIFFERS), VALID, "tlsa-invalid"),
        Arguments.of("clear text", Promises.host(MATCHES), CLEAR, "starttls-not-supported"),
        Arguments.of("no records", Promises.host(NONE), VALID, "tlsa-invalid"),
        Arguments.of("none usable", Promises.host(UNUSABLE), VALID, "tlsa-invalid"),
        Arguments.of("nobody can tell", Promises.host(FAILED), VALID, "tlsa-invalid"),
        Arguments.of(
            "nothing is validated",
            Promises.UNVALIDATED,
            VALID,
            "validation-method-not-supported"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("constraints")
  @Rule(value = "draft-margolis-smtp-sts-00 A10", in = DraftRequirement.class)
  void draftThatWantsTlsaShouldBeSatisfiedByAMatchAlone(
      String name, DaneHost host, Channel channel, String outcome) {
    TlsRequirement alone =
        new DraftRequirement((PolicyLookup.Draft) draft("tlsa"), Set.of(), Promises.check(host));

    assertThat(outcome(alone, channel)).as(name).isEqualTo(outcome);
  }

  @Test
  void domainShouldBeToldOfEachByItself() {
    DaneHost host = Promises.host(MATCHES_NOBODY);
    DomainPolicy domain = DomainPolicy.of(Promises.DOMAIN, ENFORCE);

    assertThat(Promises.BOTH.dane(domain, host).orElseThrow().judge(MX, BY_NOBODY, NOW).finding())
        .isEmpty();
    assertThat(
            Promises.BOTH
                .published(ENFORCE, host)
                .orElseThrow()
                .judge(MX, BY_NOBODY, NOW)
                .finding())
        .map(Finding::kind)
        .contains(FailureKind.CERTIFICATE_NOT_TRUSTED);
    assertThat(Promises.DANE_ALONE.published(ENFORCE, host)).isEmpty();
  }
}
