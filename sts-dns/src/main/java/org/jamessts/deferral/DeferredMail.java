package org.jamessts.deferral;

import java.time.Instant;

/**
 * A mail that waits, but for its content.
 *
 * @param id under which it is kept; no other mail has it
 * @param name of the mail, for people
 * @param queue the name of the queue to which it goes when it is due
 * @param cause why it waits
 * @param envelope whatever else is needed to make the same mail of it again; opaque here
 * @param deferredAt since when it waits
 * @param due when it is tried again
 */
public record DeferredMail(
    String id,
    String name,
    String queue,
    Cause cause,
    String envelope,
    Instant deferredAt,
    Instant due) {

  /** The longest name of a domain, in octets (RFC 1035 §2.3.4). */
  private static final int MAX_DOMAIN = 253;

  /**
   * Why a mail waits.
   *
   * @param domain for which: that of its recipients, or a gateway; cut where it is longer than any
   *     name in the DNS
   * @param verdict who refused, one word such as {@code policy}
   * @param resultType what a TLS report would call it (RFC 8460 §4.3); empty where none would
   * @param explanation for a person to read, one line
   */
  public record Cause(String domain, String verdict, String resultType, String explanation) {
    public Cause {
      domain = domain.length() <= MAX_DOMAIN ? domain : domain.substring(0, MAX_DOMAIN);
    }
  }
}
