package org.jamessts.decide;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.x509.CertificateFacts;

/**
 * What an MTA-STS policy in mode {@code enforce} or {@code testing} asks for: an MX host that it
 * names, and TLS with a certificate that is valid for that host (RFC 8461 §4). Under {@code
 * enforce} a host that fails is passed over; under {@code testing} the same failure is found, and
 * the mail goes on as if there were no policy (§5).
 *
 * @param known the authenticated policy; to hold it is the proof
 */
public record StsRequirement(KnownPolicy known) implements TlsRequirement {

  private static final int MAX_SHOWN = 10;

  /** Refuses a policy in mode {@code none}, which asks for nothing. */
  public StsRequirement {
    if (known.policy().mode() == StsMode.NONE) {
      throw new IllegalArgumentException("a policy in mode none requires nothing");
    }
  }

  @Override
  public Verdict admit(DomainName mxHost) {
    if (known.policy().covers(mxHost)) {
      return new Verdict.Proceed(Optional.empty());
    }
    // RFC 8460 §4.3 has no type of its own for this; validation-failure with a reason is usual.
    return verdict(
        new Finding(
            ResultType.VALIDATION_FAILURE,
            FailureCode.STS_MX_MISMATCH,
            explain(mxHost + " is not among the policy's mx patterns " + patternsShown())));
  }

  /** A policy may hold thousands, and this text goes into logs, bounces and mail attributes. */
  private String patternsShown() {
    List<MxPattern> all = known.policy().mx();
    List<MxPattern> shown = all.subList(0, Math.min(MAX_SHOWN, all.size()));
    return all.size() == shown.size()
        ? shown.toString()
        : shown + " and " + (all.size() - shown.size()) + " more";
  }

  @Override
  public Verdict judge(DomainName mxHost, Channel channel, Instant now) {
    // The name once more: a connection may have been opened for another domain's mail.
    Verdict byName = admit(mxHost);
    if (byName.finding().isPresent()) {
      return byName;
    }
    Optional<Finding> finding =
        channel instanceof Channel.Encrypted encrypted
            ? encrypted
                .facts()
                .certificate()
                .faultFor(mxHost, now)
                .map(fault -> certificateFinding(mxHost, fault))
            : TlsFailure.of(mxHost, channel);
    return finding
        .map(found -> new Finding(found.type(), found.code(), explain(found.explanation())))
        .map(this::verdict)
        .orElseGet(() -> new Verdict.Proceed(Optional.empty()));
  }

  private static Finding certificateFinding(DomainName mxHost, CertificateFacts.Finding found) {
    ResultType type =
        switch (found.fault()) {
          case EXPIRED -> ResultType.CERTIFICATE_EXPIRED;
          case NOT_TRUSTED -> ResultType.CERTIFICATE_NOT_TRUSTED;
          case HOST_MISMATCH -> ResultType.CERTIFICATE_HOST_MISMATCH;
        };
    return new Finding(type, FailureCode.TLS_FAILED, mxHost + ": " + found.explanation());
  }

  private Verdict verdict(Finding finding) {
    return enforced() ? new Verdict.NextHost(finding) : new Verdict.Proceed(Optional.of(finding));
  }

  private String explain(String fault) {
    return describe() + ": " + fault;
  }

  @Override
  public boolean allowsClearText() {
    return !enforced();
  }

  @Override
  public boolean enforced() {
    return known.policy().mode() == StsMode.ENFORCE;
  }

  @Override
  public String describe() {
    return "MTA-STS (" + known.policy().mode().keyword() + ") " + known.domain();
  }
}
