package org.jamessts.policy;

/**
 * Why a policy could not be had.
 *
 * @param kind which step failed
 * @param detail for a person to read; cut when long, since strangers contribute to it
 */
public record PolicyFailure(Kind kind, String detail) {

  private static final int MAX_SHOWN = 500;

  public PolicyFailure {
    detail = detail.length() <= MAX_SHOWN ? detail : detail.substring(0, MAX_SHOWN) + "...";
  }

  /** The step that failed. */
  public enum Kind {
    /** The TXT record could not be looked up. RFC 8460 has no result type for it. */
    DNS,
    /** The TXT record no longer names the policy that holds. Nor for this. */
    VANISHED,
    /** The lookup took longer than mail may wait. Nor for this. */
    SLOW,
    /** This server is stopping. Nor for this. */
    STOPPING,
    /** {@code sts-policy-fetch-error}: unreachable, not 200, too late, too large. */
    FETCH,
    /** {@code sts-policy-invalid}: fetched, but no policy by RFC 8461 §3.2. */
    INVALID,
    /** {@code sts-webpki-invalid}: the policy host's certificate is not good for its name. */
    WEBPKI,
    /**
     * {@code sender-does-not-support-validation-method}: the policy of 2016 wants to be
     * authenticated in a way that this server cannot (draft -00 §4).
     */
    UNSUPPORTED
  }
}
