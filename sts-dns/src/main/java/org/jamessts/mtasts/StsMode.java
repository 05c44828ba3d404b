package org.jamessts.mtasts;

import java.util.Locale;

/** What a policy asks of senders (RFC 8461 §5). */
public enum StsMode {
  /** Do not deliver to a host that breaks the policy. */
  ENFORCE,
  /** Deliver, and report what would have failed. */
  TESTING,
  /** As if there were no policy; the way to withdraw one. */
  NONE;

  /** The word in a policy: lower case, as RFC 8461 §3.2 spells it. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }
}
