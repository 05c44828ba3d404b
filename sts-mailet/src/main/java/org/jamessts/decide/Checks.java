package org.jamessts.decide;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.override.FailureKind;
import org.jamessts.x509.CertificateFacts;

/**
 * What requirements have in common: each check finds everything of its kind that is wrong, and
 * {@link #verdict} says whether that stops the mail.
 */
final class Checks {

  private static final int MAX_SHOWN = 10;

  private Checks() {}

  /** The host is one of those that the policy names. */
  static List<Flaw> name(DomainName mxHost, boolean covered, List<MxPattern> patterns) {
    return covered
        ? List.of()
        : List.of(
            new Flaw(
                FailureKind.MX_MISMATCH,
                mxHost + " is not among the policy's mx patterns " + shown(patterns)));
  }

  /** A policy may hold thousands, and this text goes into logs, bounces and mail attributes. */
  private static String shown(List<MxPattern> all) {
    List<MxPattern> shown = all.subList(0, Math.min(MAX_SHOWN, all.size()));
    return all.size() == shown.size()
        ? shown.toString()
        : shown + " and " + (all.size() - shown.size()) + " more";
  }

  /** There is TLS at all. */
  static List<Flaw> encryption(DomainName mxHost, Channel channel) {
    if (channel instanceof Channel.Refused refused) {
      return finding(
          FailureKind.STARTTLS_NOT_SUPPORTED, mxHost + " refuses STARTTLS: " + refused.reply());
    }
    if (channel instanceof Channel.HandshakeFailed failed) {
      return finding(
          FailureKind.TLS_HANDSHAKE_FAILED, mxHost + " TLS handshake failed: " + failed.detail());
    }
    if (channel instanceof Channel.NotOffered) {
      return finding(FailureKind.STARTTLS_NOT_SUPPORTED, mxHost + " does not offer STARTTLS");
    }
    return List.of();
  }

  /** There is TLS, with a certificate that is good for the host. */
  static List<Flaw> certificate(
      DomainName mxHost, Channel channel, Instant now, CertificateFacts.Names names) {
    if (!(channel instanceof Channel.Encrypted encrypted)) {
      return encryption(mxHost, channel);
    }
    return findings(mxHost, encrypted.facts().certificate().faultsFor(mxHost, now, names));
  }

  /** What is wrong with a certificate, in the terms of a decision. */
  static List<Flaw> findings(DomainName mxHost, List<CertificateFacts.Finding> faults) {
    return faults.stream()
        .map(fault -> new Flaw(kindOf(fault.fault()), mxHost + ": " + fault.explanation()))
        .toList();
  }

  private static FailureKind kindOf(CertificateFacts.Fault fault) {
    return switch (fault) {
      case EXPIRED -> FailureKind.CERTIFICATE_EXPIRED;
      case NOT_TRUSTED -> FailureKind.CERTIFICATE_NOT_TRUSTED;
      case HOST_MISMATCH -> FailureKind.CERTIFICATE_HOST_MISMATCH;
      case NO_TLSA_MATCH -> FailureKind.TLSA_INVALID;
    };
  }

  private static List<Flaw> finding(FailureKind kind, String evidence) {
    return List.of(new Flaw(kind, evidence));
  }

  /** Both lists, one after the other. */
  static List<Flaw> both(List<Flaw> first, List<Flaw> second) {
    List<Flaw> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /**
   * What flaws mean for the mail.
   *
   * @param flaws everything that is wrong
   * @param requirement whose checks found it
   * @param exempt kinds that do not stop mail; of the others, one is enough
   */
  static <R extends TlsRequirement & Grounds> Verdict verdict(
      List<Flaw> flaws, R requirement, Set<FailureKind> exempt) {
    if (flaws.isEmpty()) {
      return new Verdict.Proceed(Optional.empty());
    }
    Optional<Flaw> stopping =
        requirement.enforced()
            ? flaws.stream().filter(flaw -> !exempt.contains(flaw.kind())).findFirst()
            : Optional.empty();
    return stopping
        .<Verdict>map(
            flaw ->
                new Verdict.NextHost(
                    explained(flaw, requirement), requirement.isOperators(flaw.kind())))
        .orElseGet(() -> new Verdict.Proceed(Optional.of(explained(flaws.get(0), requirement))));
  }

  private static <R extends TlsRequirement & Grounds> Finding explained(Flaw flaw, R requirement) {
    return new Finding(
        flaw.kind(),
        new Explanation(
            requirement.describe() + ": " + flaw.evidence(),
            requirement.rule(flaw.kind()),
            requirement.freshness(),
            Remedies.of(flaw.kind(), requirement.isOperators(flaw.kind()))));
  }
}
