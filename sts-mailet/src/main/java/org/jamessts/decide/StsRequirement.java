package org.jamessts.decide;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.override.FailureKind;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.Strength;
import org.jamessts.x509.CertificateFacts.Names;

/**
 * What an MTA-STS policy in mode {@code enforce} or {@code testing} asks for: an MX host that it
 * names, and TLS with a certificate that is valid for that host (RFC 8461 §4). Under {@code
 * enforce} a host that fails is passed over; under {@code testing} the same failure is found, and
 * the mail goes on as if there were no policy (§5).
 *
 * @param known the policy; to hold it is the proof
 * @param until when the operator's demand ends, where it is his policy and ends
 * @param exempt what the operator lets pass
 */
public record StsRequirement(
    KnownMtaStsPolicy known, Optional<Instant> until, Set<FailureKind> exempt)
    implements TlsRequirement, Grounds {

  /** Refuses a policy in mode {@code none}, which asks for nothing. */
  public StsRequirement {
    exempt = Set.copyOf(exempt);
    if (known.isNone()) {
      throw new IllegalArgumentException("a policy in mode none requires nothing");
    }
  }

  /** What a domain publishes, which says itself when it ends. */
  public StsRequirement(KnownMtaStsPolicy known, Set<FailureKind> exempt) {
    this(known, Optional.empty(), exempt);
  }

  @Override
  public Verdict admit(DomainName mxHost) {
    return Checks.verdict(name(mxHost), this, exempt);
  }

  @Override
  public Verdict judge(DomainName mxHost, Channel channel, Instant now) {
    // The name once more: a connection may have been opened for another domain's mail.
    return Checks.verdict(
        Checks.both(name(mxHost), Checks.certificate(mxHost, channel, now, Names.DNS_IDS)),
        this,
        exempt);
  }

  private List<Flaw> name(DomainName mxHost) {
    return Checks.name(mxHost, known.policy().covers(mxHost), known.mx());
  }

  @Override
  public boolean enforced() {
    return known.strength() == Strength.ENFORCED;
  }

  @Override
  public boolean verifies() {
    return true;
  }

  @Override
  public boolean isOperators(FailureKind kind) {
    return isOperators();
  }

  private boolean isOperators() {
    return known.origin() == KnownMtaStsPolicy.Origin.OPERATOR;
  }

  @Override
  public String rule(FailureKind kind) {
    String section =
        switch (kind) {
          case MX_MISMATCH -> "RFC 8461 section 4.1";
          case CERTIFICATE_NOT_TRUSTED, CERTIFICATE_EXPIRED, CERTIFICATE_HOST_MISMATCH ->
              "RFC 8461 section 4.2";
          case STARTTLS_NOT_SUPPORTED,
              TLS_HANDSHAKE_FAILED,
              TLSA_INVALID,
              DNSSEC_INVALID,
              DANE_REQUIRED,
              VALIDATION_METHOD_NOT_SUPPORTED ->
              "RFC 8461 section 4";
        };
    return isOperators() ? known.describe() + ", " + section : section;
  }

  @Override
  public Freshness freshness() {
    return isOperators() ? Freshness.ofOperator(until) : Freshness.of(known);
  }

  @Override
  public String describe() {
    return known.describe();
  }
}
