package org.jamessts.decide;

import java.time.Instant;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * Nothing is promised: TLS when it can be had, clear text when not (RFC 7435). Certificates are not
 * looked at, since clear text would be accepted too.
 */
public record Opportunistic() implements TlsRequirement {

  @Override
  public Verdict admit(DomainName mxHost) {
    return new Verdict.Proceed(Optional.empty());
  }

  @Override
  public Verdict judge(DomainName mxHost, Channel channel, Instant now) {
    return new Verdict.Proceed(
        Checks.encryption(mxHost, channel).stream().findFirst().map(Opportunistic::explained));
  }

  private static Finding explained(Flaw flaw) {
    return new Finding(
        flaw.kind(),
        new Explanation(
            flaw.evidence(),
            "none is broken (RFC 7435)",
            Freshness.OF_THE_ATTEMPT,
            "none is needed"));
  }

  @Override
  public boolean enforced() {
    return false;
  }

  @Override
  public boolean verifies() {
    return false;
  }

  @Override
  public String describe() {
    return "no policy";
  }
}
