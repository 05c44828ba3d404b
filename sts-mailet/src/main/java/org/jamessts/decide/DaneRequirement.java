package org.jamessts.decide;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.override.FailureKind;

/**
 * What the TLSA records of one MX host ask for (RFC 7672 §2.2): a certificate that matches one of
 * them; or TLS with any certificate, where none can be used. While nobody can tell whether there
 * are records, the host gets no mail (§2.1.2), whatever else speaks for it.
 *
 * <p>Where the operator makes DANE mandatory (§6), a host gets no mail either unless it has usable
 * records, and DNSSEC proves that mail for the domain goes to it.
 *
 * @param check the host and its records
 * @param mandatory whether the operator demands DANE
 * @param exempt what the operator lets pass
 */
public record DaneRequirement(TlsaCheck check, boolean mandatory, Set<FailureKind> exempt)
    implements TlsRequirement, Grounds {

  /** Refuses a host of which nothing is promised, where nothing is demanded. */
  public DaneRequirement {
    exempt = Set.copyOf(exempt);
    if (!mandatory && check.host().lookup() instanceof DaneLookup.None) {
      throw new IllegalArgumentException("without TLSA records, nothing is required");
    }
  }

  @Override
  public Verdict admit(DomainName mxHost) {
    return Checks.verdict(promise(), this, exempt);
  }

  @Override
  public Verdict judge(DomainName mxHost, Channel channel, Instant now) {
    return Checks.verdict(Checks.both(promise(), channel(channel, now)), this, exempt);
  }

  /** What is wrong before the host is contacted. */
  private List<Flaw> promise() {
    DaneHost host = check.host();
    if (host.lookup() instanceof DaneLookup.Failed failed) {
      return finding(FailureKind.DNSSEC_INVALID, "TLSA lookup failed: " + failed.detail());
    }
    if (!mandatory) {
      return List.of();
    }
    if (!host.proven()) {
      return finding(FailureKind.DANE_REQUIRED, "DNSSEC does not prove the MX records");
    }
    if (host.lookup() instanceof DaneLookup.Unusable unusable) {
      return finding(FailureKind.DANE_REQUIRED, "no usable TLSA records: " + unusable.reason());
    }
    return host.lookup() instanceof DaneLookup.None none
        ? finding(FailureKind.DANE_REQUIRED, "no TLSA records: " + none.reason())
        : List.of();
  }

  private List<Flaw> finding(FailureKind kind, String words) {
    return List.of(new Flaw(kind, check.host().mxHost() + ": " + words));
  }

  private List<Flaw> channel(Channel channel, Instant now) {
    DaneHost host = check.host();
    if (host.lookup() instanceof DaneLookup.Usable usable) {
      return check.certificate(usable.records(), channel, now);
    }
    return Checks.encryption(host.mxHost(), channel);
  }

  @Override
  public boolean enforced() {
    return true;
  }

  @Override
  public boolean verifies() {
    return check.host().proven() && check.host().lookup() instanceof DaneLookup.Usable;
  }

  /** Records that are there hold by themselves; to demand that there be some is the operator's. */
  @Override
  public boolean isOperators(FailureKind kind) {
    return kind == FailureKind.DANE_REQUIRED;
  }

  @Override
  public String rule(FailureKind kind) {
    return switch (kind) {
      case DNSSEC_INVALID -> "RFC 7672 section 2.1.2";
      case DANE_REQUIRED -> "the operator's minimum (dane), RFC 7672 section 6";
      case CERTIFICATE_HOST_MISMATCH -> "RFC 7672 section 3.2.2";
      case MX_MISMATCH,
          STARTTLS_NOT_SUPPORTED,
          TLS_HANDSHAKE_FAILED,
          CERTIFICATE_NOT_TRUSTED,
          CERTIFICATE_EXPIRED,
          TLSA_INVALID,
          VALIDATION_METHOD_NOT_SUPPORTED ->
          "RFC 7672 section 2.2";
    };
  }

  @Override
  public Freshness freshness() {
    return Freshness.OF_THE_DNS;
  }

  @Override
  public String describe() {
    DaneHost host = check.host();
    StringBuilder words = new StringBuilder(mandatory ? "mandatory DANE " : "DANE ");
    words.append(host.mxHost());
    if (!host.serverName().equals(host.mxHost())) {
      words.append(" by ").append(host.serverName());
    }
    if (host.lookup() instanceof DaneLookup.Unusable) {
      words.append(" (no usable records)");
    }
    return words.append(host.proven() ? "" : " (MX records not proven)").toString();
  }
}
