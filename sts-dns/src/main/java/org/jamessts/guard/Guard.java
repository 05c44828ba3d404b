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
  /** A signature is made by the zone of what it signs (RFC 4034 §3.1.7). */
  SIGNER_IS_ABOVE_OWNER(Subject.DANE),
  /** An absence is told by the zone of the name (RFC 2308 §2.1). */
  AUTHORITY_IS_ABOVE_NAME(Subject.DANE),
  /** An answer of which a proof could not be had is no answer, and not an unsigned one. */
  NO_PROOF_IS_NO_ANSWER(Subject.DANE),
  /** What DNSSEC disproves is no answer (RFC 7672 §2.1.1). */
  BOGUS_IS_NO_ANSWER(Subject.DANE),
  /** TLSA records that DNSSEC does not prove are not used (RFC 7672 §2.1.1, §2.2). */
  TLSA_MUST_BE_PROVEN(Subject.DANE),
  /** Where nobody could tell of TLSA records, the host is not used (RFC 7672 §2.1.2). */
  TLSA_FAILURE_IS_NO_ANSWER(Subject.DANE),
  /** TLSA records of which none can be used demand TLS all the same (RFC 7672 §2.2). */
  UNUSABLE_STILL_MEANS_TLS(Subject.DANE),
  /** A DANE-EE record speaks of the server's own certificate alone (RFC 7671 §5.1). */
  DANE_EE_IS_THE_LEAF(Subject.DANE),
  /** A DANE-TA record counts only for what its trust anchor has signed (RFC 7671 §5.2). */
  DANE_TA_HAS_SIGNED(Subject.DANE),
  /** Below a DANE-TA trust anchor the certificate has the host's name (RFC 7672 §3.1.2, §3.2.3). */
  DANE_TA_NAMES(Subject.DANE),
  /** Below a DANE-TA trust anchor all certificates are valid now (RFC 7671 §5.2). */
  DANE_TA_DATES(Subject.DANE),

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
    /** What DNSSEC proves, and what TLSA records promise. */
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
