package org.jamessts.policy;

/**
 * Why a policy could not be had.
 *
 * @param kind which step failed
 * @param detail for a person to read
 */
public record PolicyFailure(Kind kind, String detail) {

  /** The step that failed; all but the first are named as in RFC 8460 §4.3. */
  public enum Kind {
    /**
     * The TXT record could not be looked up, or no longer names a policy while one holds. RFC 8460
     * has no result type for either.
     */
    DNS,
    /** {@code sts-policy-fetch-error}: unreachable, not 200, too late, too large. */
    FETCH,
    /** {@code sts-policy-invalid}: fetched, but no policy by RFC 8461 §3.2. */
    INVALID,
    /** {@code sts-webpki-invalid}: the policy host's certificate is not good for its name. */
    WEBPKI
  }
}
