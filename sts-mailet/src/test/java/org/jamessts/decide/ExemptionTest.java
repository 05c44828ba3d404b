package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.decide.Channels.EXPIRED;
import static org.jamessts.decide.Channels.MX;
import static org.jamessts.decide.Channels.NOW;
import static org.jamessts.decide.Channels.STRANGER;
import static org.jamessts.decide.Channels.UNTRUSTED;
import static org.jamessts.decide.Channels.VALID;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator lets pass, and nothing else. */
class ExemptionTest {

  private static final DomainName DOMAIN = new DomainName("example.com");

  /** A host with its channel. */
  private record Way(DomainName host, Channel channel) {}

  /** A requirement with an exemption. */
  @FunctionalInterface
  interface Exempted {
    TlsRequirement from(Set<FailureKind> kinds);
  }

  /** A way of which this and nothing else is wrong. */
  private static Way way(FailureKind kind) {
    return switch (kind) {
      case MX_MISMATCH -> new Way(STRANGER, Channels.tls(VALID, STRANGER.value()));
      case STARTTLS_NOT_SUPPORTED -> new Way(MX, new Channel.NotOffered());
      case TLS_HANDSHAKE_FAILED -> new Way(MX, new Channel.HandshakeFailed("alert"));
      case CERTIFICATE_NOT_TRUSTED -> new Way(MX, Channels.tls(UNTRUSTED, MX.value()));
      case CERTIFICATE_EXPIRED -> new Way(MX, Channels.tls(EXPIRED, MX.value()));
      case CERTIFICATE_HOST_MISMATCH -> new Way(MX, Channels.tls(VALID, "other.example"));
      case TLSA_INVALID, DNSSEC_INVALID, DANE_REQUIRED -> throw new AssertionError("of DANE alone");
      // Nothing is wrong with it, but that c=tlsa asks for more.
      case VALIDATION_METHOD_NOT_SUPPORTED -> new Way(MX, Channels.tls(VALID, MX.value()));
    };
  }

  private static TlsRequirement mtaSts(Set<FailureKind> exempt) {
    StsPolicy policy =
        new StsPolicy(
            StsMode.ENFORCE,
            List.of(new MxPattern(MxPattern.Kind.HOST, MX)),
            Duration.ofDays(7),
            "text");
    return new StsRequirement(new KnownMtaStsPolicy(DOMAIN, "1", policy, NOW), exempt);
  }

  private static TlsRequirement draft(String constraint, Set<FailureKind> exempt) {
    String text =
        "v=STS1; to=true; mx=mx1.example.com; a=webpki:https://example.com/sts; c=%s; e=9"
            .formatted(constraint);
    SmtpStsRecord record = ((SmtpStsRecordParse.Parsed) SmtpStsRecord.parse(text)).record();
    return new DraftRequirement(
        new PolicyLookup.Draft(
            new KnownDraftPolicy(
                DOMAIN, record, KnownDraftPolicy.Standing.CONFIRMED, NOW, NOW.plusSeconds(9)),
            Optional.empty(),
            false,
            Optional.empty()),
        exempt,
        Promises.check(Promises.UNVALIDATED));
  }

  private static TlsRequirement verified(Set<FailureKind> exempt) {
    return new MinimumRequirement(DOMAIN, Minimum.VERIFIED, exempt);
  }

  static List<Arguments> kinds() {
    List<Arguments> rows = new ArrayList<>();
    for (FailureKind kind :
        EnumSet.range(FailureKind.MX_MISMATCH, FailureKind.CERTIFICATE_HOST_MISMATCH)) {
      rows.add(row("MTA-STS", ExemptionTest::mtaSts, kind));
      rows.add(row("draft -00", exempt -> draft("webpki", exempt), kind));
      if (kind != FailureKind.MX_MISMATCH) {
        rows.add(row("minimum", ExemptionTest::verified, kind));
      }
    }
    rows.add(
        row(
            "draft -00 with TLSA",
            exempt -> draft("tlsa", exempt),
            FailureKind.VALIDATION_METHOD_NOT_SUPPORTED));
    return rows;
  }

  private static Arguments row(String name, Exempted exempted, FailureKind kind) {
    return Arguments.of(name, exempted, kind);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("kinds")
  void exemptionShouldLetItsKindPassAndTellOfIt(String name, Exempted exempted, FailureKind kind) {
    Way way = way(kind);

    Verdict verdict = exempted.from(Set.of(kind)).judge(way.host(), way.channel(), NOW);

    assertThat(verdict).as(name).isInstanceOf(Verdict.Proceed.class);
    assertThat(verdict.finding()).map(Finding::kind).contains(kind);
    assertThat(exempted.from(Set.of(kind)).admit(way.host())).isInstanceOf(Verdict.Proceed.class);
  }

  @ParameterizedTest(name = "{0}: all but {2}")
  @MethodSource("kinds")
  void exemptionShouldLetNothingElsePass(String name, Exempted exempted, FailureKind kind) {
    Way way = way(kind);
    TlsRequirement requirement = exempted.from(EnumSet.complementOf(EnumSet.of(kind)));

    Verdict verdict = requirement.judge(way.host(), way.channel(), NOW);

    assertThat(verdict).as(name).isInstanceOf(Verdict.NextHost.class);
    assertThat(verdict.finding()).map(Finding::kind).contains(kind);
  }

  /** What else is wrong with a channel, in the order in which it is found. */
  static List<Arguments> severalAtOnce() {
    return List.of(
        Arguments.of(
            "expired and for another host",
            Channels.tls(EXPIRED, "other.example"),
            FailureKind.CERTIFICATE_EXPIRED,
            FailureKind.CERTIFICATE_HOST_MISMATCH),
        Arguments.of(
            "for another host and expired",
            Channels.tls(EXPIRED, "other.example"),
            FailureKind.CERTIFICATE_HOST_MISMATCH,
            FailureKind.CERTIFICATE_EXPIRED),
        Arguments.of(
            "expired and untrusted",
            Channels.untrustedAndExpired(),
            FailureKind.CERTIFICATE_EXPIRED,
            FailureKind.CERTIFICATE_NOT_TRUSTED),
        Arguments.of(
            "untrusted and expired",
            Channels.untrustedAndExpired(),
            FailureKind.CERTIFICATE_NOT_TRUSTED,
            FailureKind.CERTIFICATE_EXPIRED),
        Arguments.of(
            "untrusted and for another host",
            Channels.tls(UNTRUSTED, "other.example"),
            FailureKind.CERTIFICATE_NOT_TRUSTED,
            FailureKind.CERTIFICATE_HOST_MISMATCH));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("severalAtOnce")
  void exemptionOfOneFaultShouldNotCoverAnother(
      String faults, Channel channel, FailureKind exempt, FailureKind stopping) {
    for (TlsRequirement requirement :
        List.of(
            mtaSts(Set.of(exempt)), draft("webpki", Set.of(exempt)), verified(Set.of(exempt)))) {
      Verdict verdict = requirement.judge(MX, channel, NOW);

      assertThat(verdict).as(faults).isInstanceOf(Verdict.NextHost.class);
      assertThat(verdict.finding()).map(Finding::kind).contains(stopping);
    }
  }

  @Test
  void exemptionOfAFaultShouldNotCoverAHostThatThePolicyDoesNotName() {
    Channel expired = Channels.tls(EXPIRED, STRANGER.value());

    for (TlsRequirement requirement :
        List.of(
            mtaSts(Set.of(FailureKind.CERTIFICATE_EXPIRED)),
            draft("webpki", Set.of(FailureKind.CERTIFICATE_EXPIRED)))) {
      assertThat(requirement.judge(STRANGER, expired, NOW).finding())
          .map(Finding::kind)
          .contains(FailureKind.MX_MISMATCH);
      assertThat(requirement.judge(STRANGER, expired, NOW)).isInstanceOf(Verdict.NextHost.class);
    }
  }

  @Test
  void everythingThatIsWrongShouldPassWhenAllOfItIsExempt() {
    Set<FailureKind> certificates =
        EnumSet.of(
            FailureKind.CERTIFICATE_NOT_TRUSTED,
            FailureKind.CERTIFICATE_EXPIRED,
            FailureKind.CERTIFICATE_HOST_MISMATCH);

    Verdict verdict = mtaSts(certificates).judge(MX, Channels.everythingWrong(), NOW);

    assertThat(verdict).isInstanceOf(Verdict.Proceed.class);
    assertThat(verdict.finding()).map(Finding::kind).contains(FailureKind.CERTIFICATE_NOT_TRUSTED);
  }
}
