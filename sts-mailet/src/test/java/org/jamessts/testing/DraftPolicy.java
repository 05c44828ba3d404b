package org.jamessts.testing;

/**
 * A policy of the draft of 2016, as a domain may publish it.
 *
 * @param domain the recipients' domain
 * @param tlsOnly the tag {@code to}
 * @param mx the tag {@code mx}
 * @param constraint the tag {@code c}
 * @param host the host in the tag {@code a}; honest domains name themselves
 * @param seconds the tag {@code e}
 * @param ttl of the TXT record, in seconds
 * @param rua the tag {@code rua}; empty for none
 */
public record DraftPolicy(
    String domain,
    boolean tlsOnly,
    String mx,
    String constraint,
    String host,
    long seconds,
    long ttl,
    String rua) {

  private static final long DAY = 86_400;
  private static final long MINUTE = 60;
  private static final String WEBPKI = "webpki";

  /** What is wrong with the copy of a policy that shows that the domain vouches for it. */
  public enum Fault {
    /** Nothing. */
    NONE,
    /** It is another text. */
    BODY_DIFFERS,
    /** Nobody listens. */
    DOWN,
    /** The certificate there is signed by nobody. */
    UNTRUSTED
  }

  /** With {@code to=true}, for a day. */
  public static DraftPolicy tlsOnly(String domain, String mx) {
    return new DraftPolicy(domain, true, mx, WEBPKI, domain, DAY, MINUTE, "");
  }

  /** With {@code to=false}, for a day. */
  public static DraftPolicy reported(String domain, String mx) {
    return new DraftPolicy(domain, false, mx, WEBPKI, domain, DAY, MINUTE, "");
  }

  /** The same for another time. */
  public DraftPolicy lasting(long e, long recordTtl) {
    return new DraftPolicy(domain, tlsOnly, mx, constraint, host, e, recordTtl, rua);
  }

  /** The same with its copy at another host, as a forger would write it. */
  public DraftPolicy vouchedForBy(String foreignHost) {
    return new DraftPolicy(domain, tlsOnly, mx, constraint, foreignHost, seconds, ttl, rua);
  }

  /** The same with a certificate that matches TLSA records. */
  public DraftPolicy wantingTlsa() {
    return new DraftPolicy(domain, tlsOnly, mx, "tlsa", host, seconds, ttl, rua);
  }

  /** The same, wanting reports. */
  public DraftPolicy reportingTo(String uris) {
    return new DraftPolicy(domain, tlsOnly, mx, constraint, host, seconds, ttl, uris);
  }

  /** The record. */
  public String text() {
    return "v=STS1; to=%s; mx=%s; a=webpki:https://%s/.well-known/smtp-sts/current; c=%s; e=%d"
            .formatted(tlsOnly, mx, host, constraint, seconds)
        + (rua.isEmpty() ? "" : "; rua=" + rua);
  }
}
