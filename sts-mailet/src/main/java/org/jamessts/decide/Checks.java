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
  static List<Finding> name(DomainName mxHost, boolean covered, List<MxPattern> patterns) {
    return covered
        ? List.of()
        : List.of(
            new Finding(
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
  static List<Finding> encryption(DomainName mxHost, Channel channel) {
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
  static List<Finding> certificate(
      DomainName mxHost, Channel channel, Instant now, CertificateFacts.Names names) {
    if (!(channel instanceof Channel.Encrypted encrypted)) {
      return encryption(mxHost, channel);
    }
    return findings(mxHost, encrypted.facts().certificate().faultsFor(mxHost, now, names));
  }

  /** What is wrong with a certificate, in the terms of a decision. */
  static List<Finding> findings(DomainName mxHost, List<CertificateFacts.Finding> faults) {
    return faults.stream()
        .map(fault -> new Finding(kindOf(fault.fault()), mxHost + ": " + fault.explanation()))
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

  private static List<Finding> finding(FailureKind kind, String explanation) {
    return List.of(new Finding(kind, explanation));
  }

  /** Both lists, one after the other. */
  static List<Finding> both(List<Finding> first, List<Finding> second) {
    List<Finding> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /**
   * What findings mean for the mail.
   *
   * @param findings everything that is wrong
   * @param requirement whose checks found it
   * @param exempt kinds that do not stop mail; of the others, one is enough
   */
  static Verdict verdict(
      List<Finding> findings, TlsRequirement requirement, Set<FailureKind> exempt) {
    Optional<Finding> stopping =
        requirement.enforced()
            ? findings.stream().filter(finding -> !exempt.contains(finding.kind())).findFirst()
            : Optional.empty();
    return stopping
        .<Verdict>map(
            cause ->
                new Verdict.NextHost(explained(cause, requirement), requirement.isOperators(cause)))
        .orElseGet(
            () ->
                new Verdict.Proceed(
                    findings.stream().findFirst().map(found -> explained(found, requirement))));
  }

  private static Finding explained(Finding finding, TlsRequirement requirement) {
    return new Finding(finding.kind(), requirement.describe() + ": " + finding.explanation());
  }
}
