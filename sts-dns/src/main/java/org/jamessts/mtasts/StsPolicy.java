package org.jamessts.mtasts;

import java.time.Duration;
import java.util.List;
import org.jamessts.dns.DomainName;

/**
 * A policy as a domain publishes it (RFC 8461 §3.2). Text and value are one object, so that a
 * report can never quote another text than the one that was applied.
 *
 * @param mode what senders are asked to do
 * @param mx which hosts may receive mail; may be empty only for {@link StsMode#NONE}
 * @param maxAge how long the policy may be kept, counted from its fetch; 0 to 31557600 seconds
 * @param text the body as fetched
 */
public record StsPolicy(StsMode mode, List<MxPattern> mx, Duration maxAge, String text) {

  /** The largest body that is read, as RFC 8461 §3.3 suggests: 64 KiB. */
  public static final int MAX_OCTETS = 65_536;

  public StsPolicy {
    mx = mx instanceof PatternsInText ? mx : List.copyOf(mx);
  }

  /**
   * Reads a policy body.
   *
   * @param body as fetched
   * @return the policy, or what is wrong with it; nothing is thrown
   */
  public static StsPolicyParse parse(byte[] body) {
    return StsPolicyParser.parse(body);
  }

  /** Whether some pattern covers the name of an MX record (RFC 8461 §4.1). */
  public boolean covers(DomainName mxHost) {
    return MxPattern.anyMatches(mx, mxHost);
  }
}
