package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.decide.Channels.EXPIRED;
import static org.jamessts.decide.Channels.FUTURE;
import static org.jamessts.decide.Channels.MX;
import static org.jamessts.decide.Channels.NOW;
import static org.jamessts.decide.Channels.STRANGER;
import static org.jamessts.decide.Channels.UNTRUSTED;
import static org.jamessts.decide.Channels.VALID;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.override.FailureKind;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.ResultType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DraftRequirementTest {

  private static final DomainName DOMAIN = new DomainName("example.com");
  private static final DomainName NEW_MX = new DomainName("mx2.example.com");
  private static final String TLS_ONLY = record("true", "mx1.example.com", "webpki");
  private static final String REPORTED = record("false", "mx1.example.com", "webpki");

  private static String record(String to, String mx, String constraint) {
    return "v=STS1; to=%s; mx=%s; a=webpki:https://example.com/sts; c=%s; e=86400"
        .formatted(to, mx, constraint);
  }

  private static KnownDraftPolicy policy(String text, Standing standing) {
    SmtpStsRecord record = ((SmtpStsRecordParse.Parsed) SmtpStsRecord.parse(text)).record();
    return new KnownDraftPolicy(DOMAIN, record, standing, NOW, NOW.plus(Duration.ofDays(1)));
  }

  private static TlsRequirement under(String text, Standing standing) {
    return requirement(policy(text, standing), Optional.empty(), false);
  }

  private static TlsRequirement requirement(
      KnownDraftPolicy policy, Optional<KnownDraftPolicy> successor, boolean reportOnly) {
    return Promises.nothing(
        DomainPolicy.of(
            DOMAIN, new PolicyLookup.Draft(policy, successor, reportOnly, Optional.empty())));
  }

  private static TlsRequirement succeeded(String successor) {
    return requirement(
        policy(TLS_ONLY, Standing.CONFIRMED),
        Optional.of(policy(successor, Standing.CANDIDATE)),
        false);
  }

  /** Each failure that -00 §4 knows under c=webpki, its kind, and what a report calls it. */
  static List<Arguments> failures() {
    return List.of(
        row(
            "-00 §3.4: STARTTLS not offered",
            new Channel.NotOffered(),
            FailureKind.STARTTLS_NOT_SUPPORTED,
            ResultType.STARTTLS_NOT_SUPPORTED,
            "does not offer"),
        row(
            "-00 §3.4: STARTTLS refused",
            new Channel.Refused("454 not now"),
            FailureKind.STARTTLS_NOT_SUPPORTED,
            ResultType.STARTTLS_NOT_SUPPORTED,
            "454 not now"),
        row(
            "-00 §3.4: handshake failed",
            new Channel.HandshakeFailed("alert 40"),
            FailureKind.TLS_HANDSHAKE_FAILED,
            ResultType.VALIDATION_FAILURE,
            "alert 40"),
        row(
            "-00 §3.4: another host's DNS-ID",
            Channels.tls(VALID, "mx2.example.com"),
            FailureKind.CERTIFICATE_HOST_MISMATCH,
            ResultType.CERTIFICATE_HOST_MISMATCH,
            "mx2.example.com"),
        row(
            "-00 §3.4: another host's common name",
            Channels.commonName(VALID, "mx2.example.com"),
            FailureKind.CERTIFICATE_HOST_MISMATCH,
            ResultType.CERTIFICATE_HOST_MISMATCH,
            "not for mx1.example.com"),
        row(
            "-00 §3.4: the recipient domain's name",
            Channels.tls(VALID, "example.com"),
            FailureKind.CERTIFICATE_HOST_MISMATCH,
            ResultType.CERTIFICATE_HOST_MISMATCH,
            "example.com"),
        row(
            "-00 §3.4: untrusted",
            Channels.tls(UNTRUSTED, "mx1.example.com"),
            FailureKind.CERTIFICATE_NOT_TRUSTED,
            ResultType.CERTIFICATE_NOT_TRUSTED,
            "unknown root"),
        row(
            "-00 §3.4: not yet valid",
            Channels.tls(FUTURE, "mx1.example.com"),
            FailureKind.CERTIFICATE_NOT_TRUSTED,
            ResultType.CERTIFICATE_NOT_TRUSTED,
            "not valid before"),
        row(
            "-00 §3.4: expired",
            Channels.tls(EXPIRED, "mx1.example.com"),
            FailureKind.CERTIFICATE_EXPIRED,
            ResultType.CERTIFICATE_EXPIRED,
            "expired on"),
        row(
            "-00 §3.4: expired, by common name",
            Channels.commonName(EXPIRED, "mx1.example.com"),
            FailureKind.CERTIFICATE_EXPIRED,
            ResultType.CERTIFICATE_EXPIRED,
            "expired on"));
  }

  private static Arguments row(
      String rule, Channel channel, FailureKind kind, ResultType type, String words) {
    return Arguments.of(rule, channel, kind, type, words);
  }

  private static void assertFinding(Verdict verdict, FailureKind kind, String start, String words) {
    assertThat(verdict.finding())
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.kind()).isEqualTo(kind);
              assertThat(finding.why().evidence()).startsWith(start).contains(words);
            });
  }

  /** The mail goes, what is wrong is told, and nothing has proven itself. */
  private static void assertToldOnly(
      Verdict verdict, FailureKind kind, String start, String words) {
    assertThat(verdict).isInstanceOf(Verdict.Proceed.class);
    assertThat(((Verdict.Proceed) verdict).proven()).isEmpty();
    assertFinding(verdict, kind, start, words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  @Rule(value = "draft-margolis-smtp-sts-00 A8", in = DraftRequirement.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A9", in = DraftRequirement.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A18", in = DraftRequirement.class)
  void confirmedPolicyShouldPassOverHostWhen(
      String rule, Channel channel, FailureKind kind, ResultType type, String words) {
    Verdict verdict = under(TLS_ONLY, Standing.CONFIRMED).judge(MX, channel, NOW);

    assertThat(verdict).as(rule).isInstanceOf(Verdict.NextHost.class);
    assertFinding(verdict, kind, "SMTP STS draft (to=true, confirmed) example.com: ", words);
    assertThat(verdict.finding()).map(Finding::type).contains(type);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  @Rule(value = "draft-margolis-smtp-sts-00 A16", in = DraftRequirement.class)
  void candidateShouldOnlyTellWhen(
      String rule, Channel channel, FailureKind kind, ResultType type, String words) {
    assertToldOnly(
        under(TLS_ONLY, Standing.CANDIDATE).judge(MX, channel, NOW),
        kind,
        "SMTP STS draft (to=true, candidate) example.com: ",
        words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  @Rule(value = "draft-margolis-smtp-sts-00 A17", in = DraftRequirement.class)
  void policyThatNobodyVouchesForShouldOnlyTellWhen(
      String rule, Channel channel, FailureKind kind, ResultType type, String words) {
    assertToldOnly(
        under(TLS_ONLY, Standing.UNAUTHENTICATED).judge(MX, channel, NOW),
        kind,
        "SMTP STS draft (to=true, not authenticated) example.com: ",
        words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  @Rule(value = "draft-margolis-smtp-sts-00 A18", in = DraftRequirement.class)
  void reportOnlyShouldOnlyTellWhen(
      String rule, Channel channel, FailureKind kind, ResultType type, String words) {
    assertToldOnly(
        requirement(policy(TLS_ONLY, Standing.CONFIRMED), Optional.empty(), true)
            .judge(MX, channel, NOW),
        kind,
        "SMTP STS draft (to=true, confirmed) example.com: ",
        words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  @Rule(value = "draft-margolis-smtp-sts-00 A21", in = DraftRequirement.class)
  void policyWithToFalseShouldOnlyTellWhen(
      String rule, Channel channel, FailureKind kind, ResultType type, String words) {
    assertToldOnly(
        under(REPORTED, Standing.CONFIRMED).judge(MX, channel, NOW),
        kind,
        "SMTP STS draft (to=false, confirmed) example.com: ",
        words);
  }

  @ParameterizedTest
  @EnumSource(Standing.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A9", in = DraftRequirement.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A16", in = DraftRequirement.class)
  void onlyACandidateShouldBeProvenWhenAllIsMet(Standing standing) {
    KnownDraftPolicy policy = policy(TLS_ONLY, standing);
    for (Channel channel :
        List.of(
            Channels.tls(VALID, "mx1.example.com"),
            Channels.tls(VALID, "*.example.com"),
            Channels.commonName(VALID, "mx1.example.com"))) {
      assertThat(requirement(policy, Optional.empty(), false).judge(MX, channel, NOW))
          .isEqualTo(
              new Verdict.Proceed(
                  Optional.empty(),
                  Optional.of(policy).filter(any -> standing == Standing.CANDIDATE)));
    }
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A11", in = DraftRequirement.class)
  void hostThatThePolicyDoesNotNameShouldNeitherBeContactedNorSentTo() {
    TlsRequirement confirmed = under(TLS_ONLY, Standing.CONFIRMED);
    String start = "SMTP STS draft (to=true, confirmed) example.com: mx.attacker.example is not";

    for (Verdict verdict :
        List.of(
            confirmed.admit(STRANGER),
            confirmed.judge(STRANGER, Channels.tls(VALID, STRANGER.value()), NOW))) {
      assertThat(verdict).isInstanceOf(Verdict.NextHost.class);
      assertFinding(verdict, FailureKind.MX_MISMATCH, start, "[mx1.example.com]");
    }
    assertThat(confirmed.admit(MX)).isEqualTo(new Verdict.Proceed(Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(names = {"CANDIDATE", "UNAUTHENTICATED"})
  @Rule(value = "draft-margolis-smtp-sts-00 A16", in = DraftRequirement.class)
  void hostThatACandidateDoesNotNameShouldBeTold(Standing standing) {
    TlsRequirement requirement = under(TLS_ONLY, standing);

    assertToldOnly(requirement.admit(STRANGER), FailureKind.MX_MISMATCH, "SMTP STS draft", "");
    assertToldOnly(
        requirement.judge(STRANGER, Channels.tls(VALID, STRANGER.value()), NOW),
        FailureKind.MX_MISMATCH,
        "SMTP STS draft",
        "");
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A10", in = DraftRequirement.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A12", in = DraftRequirement.class)
  void methodThatWeDoNotHaveShouldCountAsFailed() {
    String tlsa = record("true", "mx1.example.com", "tlsa");
    Channel valid = Channels.tls(VALID, "mx1.example.com");

    Verdict enforced = under(tlsa, Standing.CONFIRMED).judge(MX, valid, NOW);

    assertThat(enforced).isInstanceOf(Verdict.NextHost.class);
    assertFinding(
        enforced,
        FailureKind.VALIDATION_METHOD_NOT_SUPPORTED,
        "SMTP STS draft (to=true, confirmed) example.com: mx1.example.com: ",
        "wants TLSA");
    assertThat(enforced.finding())
        .map(Finding::type)
        .contains(ResultType.SENDER_DOES_NOT_SUPPORT_VALIDATION_METHOD);
    assertThat(enforced.finding()).map(Finding::code).contains(FailureCode.TLS_FAILED);
    assertToldOnly(
        under(tlsa, Standing.CANDIDATE).judge(MX, valid, NOW),
        FailureKind.VALIDATION_METHOD_NOT_SUPPORTED,
        "SMTP STS draft (to=true, candidate)",
        "");
    assertFinding(
        under(tlsa, Standing.CONFIRMED).judge(MX, new Channel.NotOffered(), NOW),
        FailureKind.STARTTLS_NOT_SUPPORTED,
        "SMTP STS draft",
        "");
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A21", in = DraftRequirement.class)
  void recordThatNamesNothingShouldAskForTlsAlone() {
    TlsRequirement bare = under("v=STS1; to=false; rua=mailto:r@example.com", Standing.CONFIRMED);

    assertThat(bare.admit(STRANGER).finding()).isEmpty();
    assertThat(bare.judge(STRANGER, Channels.everythingWrong(), NOW))
        .isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertToldOnly(
        bare.judge(MX, new Channel.NotOffered(), NOW),
        FailureKind.STARTTLS_NOT_SUPPORTED,
        "SMTP STS draft (to=false, confirmed)",
        "");
    assertThat(bare.verifies()).isFalse();
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A16", in = DraftRequirement.class)
  void successorThatIsMetShouldLetPassAndBeProven() {
    KnownDraftPolicy next = policy(record("true", "mx2.example.com", "webpki"), Standing.CANDIDATE);
    TlsRequirement both =
        requirement(policy(TLS_ONLY, Standing.CONFIRMED), Optional.of(next), false);

    assertThat(both.admit(NEW_MX)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertThat(both.judge(NEW_MX, Channels.tls(VALID, "mx2.example.com"), NOW))
        .isEqualTo(new Verdict.Proceed(Optional.empty(), Optional.of(next)));
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A16", in = DraftRequirement.class)
  void successorThatIsNotMetShouldChangeNothing() {
    TlsRequirement both = succeeded(record("true", "mx2.example.com", "webpki"));
    Channel valid = Channels.tls(VALID, "mx1.example.com");

    assertThat(both.admit(MX)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertThat(both.judge(MX, valid, NOW)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertThat(both.admit(STRANGER)).isInstanceOf(Verdict.NextHost.class);
    assertThat(both.judge(MX, new Channel.NotOffered(), NOW)).isInstanceOf(Verdict.NextHost.class);
    // Admitted by the successor's name, stopped by its certificate: then the old one counts.
    Verdict verdict = both.judge(NEW_MX, Channels.tls(EXPIRED, "mx2.example.com"), NOW);
    assertThat(verdict).isInstanceOf(Verdict.NextHost.class);
    assertFinding(
        verdict, FailureKind.MX_MISMATCH, "SMTP STS draft (to=true, confirmed)", "mx2.example.com");
    assertThat(both.describe()).isEqualTo("SMTP STS draft (to=true, confirmed) example.com");
  }

  @Test
  void onlyAConfirmedPolicyWithToTrueShouldHoldMailBack() {
    assertThat(under(TLS_ONLY, Standing.CONFIRMED).enforced()).isTrue();
    assertThat(under(TLS_ONLY, Standing.CANDIDATE).enforced()).isFalse();
    assertThat(under(TLS_ONLY, Standing.UNAUTHENTICATED).enforced()).isFalse();
    assertThat(under(REPORTED, Standing.CONFIRMED).enforced()).isFalse();
    assertThat(requirement(policy(TLS_ONLY, Standing.CONFIRMED), Optional.empty(), true).enforced())
        .isFalse();
    assertThat(under(TLS_ONLY, Standing.CONFIRMED).verifies()).isTrue();
  }

  @Test
  void exemptionShouldNotProveACandidate() {
    KnownDraftPolicy candidate = policy(TLS_ONLY, Standing.CANDIDATE);

    assertToldOnly(
        new DraftRequirement(
                new PolicyLookup.Draft(candidate, Optional.empty(), false, Optional.empty()),
                Set.of(FailureKind.CERTIFICATE_EXPIRED),
                Promises.check(Promises.UNVALIDATED))
            .judge(MX, Channels.tls(EXPIRED, "mx1.example.com"), NOW),
        FailureKind.CERTIFICATE_EXPIRED,
        "SMTP STS draft (to=true, candidate)",
        "");
  }
}
