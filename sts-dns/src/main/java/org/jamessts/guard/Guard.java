package org.jamessts.guard;

/**
 * A rule without which somebody on the path could have a policy forgotten, replaced or abused, or
 * what TLSA records promise. What each one says is true while it stands.
 */
public enum Guard {
  /** A kept policy holds on when its TXT record is gone (RFC 8461 §3.1, §5.1). */
  KEEP_WHEN_RECORD_VANISHES,
  /** A kept policy holds on when its TXT record is invalid or one of several (RFC 8461 §3.1). */
  KEEP_WHEN_RECORD_IS_INVALID,
  /** A kept policy holds on when the DNS does not answer (RFC 8461 §3.3). */
  KEEP_WHEN_DNS_FAILS,
  /** A kept policy holds on when a newer one cannot be fetched (RFC 8461 §3.3). */
  KEEP_WHEN_FETCH_FAILS,
  /** A kept policy holds on when what was fetched is no policy (RFC 8461 §3.2). */
  KEEP_WHEN_BODY_IS_INVALID,
  /** A policy no longer holds when its lifetime is over (RFC 8461 §3.2). */
  EXPIRY_ENDS,
  /** A repeated {@code id} proves nothing: only a fetch prolongs a policy (RFC 8461 §3.2). */
  ONLY_A_FETCH_PROLONGS,
  /** A policy host presents a certificate that is valid for its name (RFC 8461 §3.3). */
  POLICY_HOST_PROVES_ITS_NAME,
  /** A policy comes with status 200, and no redirect is followed (RFC 8461 §3.3). */
  STATUS_IS_200,
  /** A body that may have been cut off on the way is no policy. */
  BODY_IS_COMPLETE,
  /** What was fetched earlier never replaces what was fetched later. */
  NEWEST_FETCH_WINS,
  /** An unexpired policy is never given up to make room for another domain's (RFC 8461 §10.2). */
  NEVER_EVICT,
  /** While the database fails, what memory holds goes on to hold. */
  MEMORY_HOLDS_WHEN_STORE_FAILS,
  /** A draft policy is fetched from the policy domain itself (draft -00 §3.3). */
  DRAFT_HOST_IS_POLICY_DOMAIN,
  /** What is fetched for a draft policy equals its TXT record (draft -00 §3.3). */
  DRAFT_BODY_EQUALS_RECORD,
  /** A draft policy is replaced only by the mechanism that the kept one names (draft -00 §3.5). */
  DRAFT_KEPT_MECHANISM_AUTHENTICATES,
  /** A draft policy that was not authenticated is never enforced. */
  DRAFT_UNAUTHENTICATED_IS_REPORT_ONLY,

  // Of decisions by DANE.
  /** While nobody can tell where a domain's mail goes, it waits (RFC 7672 §2.1.2). */
  MX_FAILURE_DEFERS(Subject.DANE),
  /** A host of which nobody can tell whether it has TLSA records gets no mail (RFC 7672 §2.1.2). */
  DANE_FAILURE_SKIPS_HOST(Subject.DANE),
  /** A host that has TLSA records gets no mail in clear text (RFC 7672 §2.2). */
  DANE_ALLOWS_NO_CLEAR_TEXT(Subject.DANE),
  /** Mandatory DANE is satisfied by nothing but usable records that are proven (RFC 7672 §6). */
  MANDATORY_DANE_NEEDS_RECORDS(Subject.DANE);

  /** What a rule protects. */
  public enum Subject {
    /** Policies that are kept. */
    POLICY,
    /** What TLSA records promise. */
    DANE
  }

  private final Subject subject;

  Guard() {
    this(Subject.POLICY);
  }

  Guard(Subject subject) {
    this.subject = subject;
  }

  /** What the rule protects. */
  public Subject subject() {
    return subject;
  }
}
