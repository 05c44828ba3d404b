package org.jamessts.decide;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.FailureKind;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyLookup;

/** What the way to a domain must be like. */
public sealed interface TlsRequirement
    permits Opportunistic, StsRequirement, DraftRequirement, MinimumRequirement, AllOf {

  /**
   * The requirement that follows from what is known of a domain (RFC 8461 §5): what it publishes,
   * and beside it what the operator asks for. A policy in mode {@code none} is as good as no
   * policy.
   *
   * @param policy the answer of the policy service
   * @return what applies
   */
  static TlsRequirement of(DomainPolicy policy) {
    Set<FailureKind> exempt = policy.exempt();
    List<TlsRequirement> all = new ArrayList<>();
    TlsRequirement published = published(policy.published(), exempt);
    if (!(published instanceof Opportunistic)) {
      all.add(published);
    }
    for (DomainOverride override : policy.overrides()) {
      override
          .staticPolicy()
          .map(said -> KnownMtaStsPolicy.ofOperator(policy.domain(), said))
          .ifPresent(known -> all.add(new StsRequirement(known, exempt)));
      override
          .minimum()
          .ifPresent(minimum -> all.add(new MinimumRequirement(policy.domain(), minimum, exempt)));
    }
    if (all.isEmpty()) {
      return published;
    }
    return all.size() == 1 ? all.get(0) : new AllOf(all);
  }

  /** What follows from what the domain publishes alone, whatever the operator says. */
  static TlsRequirement of(PolicyLookup published) {
    return published(published, Set.of());
  }

  private static TlsRequirement published(PolicyLookup published, Set<FailureKind> exempt) {
    if (published instanceof PolicyLookup.Known known && !known.policy().isNone()) {
      return new StsRequirement(known.policy(), exempt);
    }
    return published instanceof PolicyLookup.Draft draft
        ? new DraftRequirement(draft, exempt)
        : new Opportunistic();
  }

  /**
   * Judges a host by its name, before it is contacted.
   *
   * @param mxHost the name in the MX record
   * @return whether to contact it
   */
  Verdict admit(DomainName mxHost);

  /**
   * Judges a channel, before an octet of mail leaves on it. A channel without TLS that may be used
   * is used in clear text.
   *
   * @param mxHost the name in the MX record
   * @param channel what became of the attempt to get TLS
   * @param now the moment, against which the dates of certificates are held
   * @return whether to send
   */
  Verdict judge(DomainName mxHost, Channel channel, Instant now);

  /** Whether mail is kept from hosts that break it: such a refusal is never final at once. */
  boolean enforced();

  /** Whether a host of which nothing is wrong has proved its name with a certificate. */
  boolean verifies();

  /** The policy behind the requirement in a few words, for log and bounce. */
  String describe();
}
