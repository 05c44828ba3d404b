package org.jamessts.whatif;

import java.util.List;
import java.util.Locale;
import org.jamessts.dns.DomainName;

/**
 * What would become of mail for a domain.
 *
 * @param domain the recipients' domain
 * @param outcome what
 * @param reasons why, in words
 */
public record Judgement(DomainName domain, Outcome outcome, List<String> reasons) {

  public Judgement {
    reasons = List.copyOf(reasons);
  }

  /** What would become of mail. */
  public enum Outcome {
    /** It would be delivered, as far as policies go. */
    DELIVERED,
    /** It would wait. */
    DEFERRED,
    /** Nothing that is known here tells. */
    NOT_KNOWN,
    /** It goes nowhere under any rules: the DNS leads to no host. */
    UNROUTABLE;

    /** In JSON and parameters. */
    public String keyword() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
