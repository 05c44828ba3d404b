package org.jamessts.decide;

import java.time.Instant;
import org.jamessts.dns.DomainName;

/** What the way of mail for a domain to one of its hosts must be like. */
public sealed interface TlsRequirement
    permits Opportunistic,
        DaneRequirement,
        StsRequirement,
        DraftRequirement,
        MinimumRequirement,
        AllOf,
        ReportOnly {

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

  /**
   * Whether the host has proved its name with a certificate. Of several requirements one is enough
   * for that: a certificate that DANE vouches for need not have a trusted root.
   */
  default boolean isVerified(DomainName mxHost, Channel channel, Instant now) {
    return verifies() && judge(mxHost, channel, now).finding().isEmpty();
  }

  /**
   * Whether it is the operator of this server, not the recipients' domain, who wants otherwise what
   * is wrong.
   */
  default boolean isOperators(Finding finding) {
    return false;
  }

  /** The policy behind the requirement in a few words, for log and bounce. */
  String describe();
}
