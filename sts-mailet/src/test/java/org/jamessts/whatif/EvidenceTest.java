package org.jamessts.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dane.DaneCertificates;
import org.jamessts.dane.DaneLookup;
import org.jamessts.decide.AllOf;
import org.jamessts.decide.DaneHost;
import org.jamessts.decide.DaneRequirement;
import org.jamessts.decide.MinimumRequirement;
import org.jamessts.decide.Opportunistic;
import org.jamessts.decide.StsRequirement;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.decide.TlsaCheck;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guards;
import org.jamessts.override.Minimum;
import org.jamessts.testing.SamplePolicies;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counted sessions say of a requirement that they were, or were not, judged by. */
class EvidenceTest {

  private static final DomainName DOMAIN = new DomainName("a.test");
  private static final DomainName MX = new DomainName("mx.a.test");

  private static TlsRequirement requirement(String name) {
    return switch (name) {
      case "sts" -> new StsRequirement(SamplePolicies.policy("a.test", Instant.EPOCH), Set.of());
      case "dane" -> dane();
      case "tls" -> new MinimumRequirement(DOMAIN, Minimum.REQUIRE_TLS, Set.of());
      case "verified" -> new MinimumRequirement(DOMAIN, Minimum.VERIFIED, Set.of());
      case "sts+dane" -> new AllOf(List.of(requirement("sts"), dane()));
      case "sts+tls" -> new AllOf(List.of(requirement("sts"), requirement("tls")));
      case "none" -> new Opportunistic();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static TlsRequirement dane() {
    DaneHost host = new DaneHost(MX, new DaneLookup.None("none"), Set.of(), true, true);
    return new DaneRequirement(
        new TlsaCheck(host, new DaneCertificates(false, Guards.ALL)), true, Set.of());
  }

  /**
   * Counts as {@code sts:good} or {@code sts:certificate-expired}.
   *
   * @param words separated by blanks
   */
  private static Evidence evidence(String words) {
    List<PolicySummary> all = new ArrayList<>();
    for (String word : words.split(" ", -1)) {
      if (!word.equals("-")) {
        String[] sides = word.split(":", 2);
        all.add(summary(type(sides[0]), sides[1]));
      }
    }
    return new Evidence(all);
  }

  private static AppliedPolicy.Type type(String keyword) {
    for (AppliedPolicy.Type type : AppliedPolicy.Type.values()) {
      if (type.keyword().equals(keyword)) {
        return type;
      }
    }
    throw new IllegalArgumentException(keyword);
  }

  private static PolicySummary summary(AppliedPolicy.Type type, String result) {
    AppliedPolicy policy = new AppliedPolicy(type, DOMAIN, List.of(), List.of(), Optional.empty());
    if (result.equals("good")) {
      return new PolicySummary(policy, 3, 0, List.of());
    }
    SessionFailure failure =
        new SessionFailure(
            ResultType.valueOf(result.toUpperCase(Locale.ROOT).replace('-', '_')),
            SessionPeers.host(MX),
            "seen");
    return new PolicySummary(policy, 0, 2, List.of(new PolicySummary.CountedFailure(failure, 2)));
  }

  @ParameterizedTest(name = "{0} by {1}: {2}")
  @CsvSource({
    "sts, -, SILENT",
    "sts, sts:good, SATISFIED",
    "sts, sts:certificate-expired, BROKEN",
    "sts, sts:validation-failure, BROKEN",
    "sts, sts:good sts:certificate-expired, SATISFIED",
    // Of a policy that could not be had, not of a host.
    "sts, sts:sts-policy-fetch-error, SILENT",
    "sts, tlsa:good, SILENT",
    "sts, no-policy-found:good, SILENT",
    "sts, no-policy-found:starttls-not-supported, BROKEN",
    "sts, tlsa:certificate-host-mismatch, SILENT",
    "dane, tlsa:good, SATISFIED",
    "dane, tlsa:validation-failure, BROKEN",
    "dane, tlsa:tlsa-invalid, BROKEN",
    "dane, sts:good, SILENT",
    "tls, no-policy-found:good, SATISFIED",
    "tls, sts:good, SATISFIED",
    "tls, no-policy-found:starttls-not-supported, BROKEN",
    // The handshake failed: without a policy nothing else is looked at.
    "tls, no-policy-found:validation-failure, BROKEN",
    // There was TLS.
    "tls, sts:certificate-expired, SILENT",
    "tls, sts:validation-failure, SILENT",
    "verified, sts:good, SATISFIED",
    // Nobody has looked at the certificate, or trusts its root.
    "verified, no-policy-found:good, SILENT",
    "verified, tlsa:good, SILENT",
    "verified, sts:certificate-not-trusted, BROKEN",
    "verified, no-policy-found:starttls-not-supported, BROKEN",
    "sts+dane, sts:good, SILENT",
    "sts+dane, sts:good tlsa:good, SATISFIED",
    "sts+dane, sts:good tlsa:validation-failure, BROKEN",
    "sts+tls, sts:good, SATISFIED",
    "none, no-policy-found:good, SILENT",
  })
  void sessionsShouldCountForWhatTheyWereJudgedBy(
      String requirement, String sessions, Evidence.Answer answer) {
    Evidence evidence = evidence(sessions);

    assertThat(evidence.of(requirement(requirement))).isEqualTo(answer);
    if (answer == Evidence.Answer.BROKEN) {
      assertThat(evidence.failures(requirement(requirement)))
          .isNotEmpty()
          .allSatisfy(
              words -> assertThat(words).startsWith("2 sessions failed (").contains("seen"));
    }
  }
}
