package org.jamessts.decide;

import java.time.Instant;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsMode;
import org.jamessts.policy.PolicyLookup;

/** What the way to a domain must be like. */
public sealed interface TlsRequirement permits Opportunistic, StsRequirement {

  /**
   * The requirement that follows from what is known of a domain (RFC 8461 §5): a policy in mode
   * {@code none} is as good as no policy.
   *
   * @param lookup the answer of the policy service
   * @return what applies
   */
  static TlsRequirement of(PolicyLookup lookup) {
    if (lookup instanceof PolicyLookup.Known known
        && known.policy().policy().mode() != StsMode.NONE) {
      return new StsRequirement(known.policy());
    }
    return new Opportunistic();
  }

  /**
   * Judges a host by its name, before it is contacted.
   *
   * @param mxHost the name in the MX record
   * @return whether to contact it
   */
  Verdict admit(DomainName mxHost);

  /**
   * Judges a channel, before an octet of mail leaves on it.
   *
   * @param mxHost the name in the MX record
   * @param channel what became of the attempt to get TLS
   * @param now the moment, against which the dates of certificates are held
   * @return whether to send
   */
  Verdict judge(DomainName mxHost, Channel channel, Instant now);

  /**
   * Whether mail may leave in clear text: then, and only then, a host where TLS failed may be
   * contacted again without it.
   */
  boolean allowsClearText();

  /**
   * Whether a policy keeps mail from hosts that break it: such a refusal is never final at once.
   */
  boolean enforced();

  /** The policy behind the requirement in a few words, for log and bounce. */
  String describe();
}
