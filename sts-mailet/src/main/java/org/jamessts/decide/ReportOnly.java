package org.jamessts.decide;

import java.time.Instant;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * What is asked for and not enforced, because the operator has taken enforcement back: everything
 * is found as ever, and nothing that is found stops the mail.
 *
 * @param asked what it would be held to
 */
public record ReportOnly(TlsRequirement asked) implements TlsRequirement {

  @Override
  public Verdict admit(DomainName mxHost) {
    return passed(asked.admit(mxHost));
  }

  @Override
  public Verdict judge(DomainName mxHost, Channel channel, Instant now) {
    return passed(asked.judge(mxHost, channel, now));
  }

  private static Verdict passed(Verdict verdict) {
    return verdict instanceof Verdict.NextHost refused
        ? new Verdict.Proceed(Optional.of(refused.cause()))
        : verdict;
  }

  @Override
  public boolean enforced() {
    return false;
  }

  @Override
  public boolean verifies() {
    return asked.verifies();
  }

  @Override
  public String describe() {
    return asked.describe() + " (not enforced: enforcement=report-only)";
  }
}
