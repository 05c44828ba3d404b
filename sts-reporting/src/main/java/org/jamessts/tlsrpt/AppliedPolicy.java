package org.jamessts.tlsrpt;

import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownPolicy;

/**
 * Under which policy a session took place: the {@code policy} object of RFC 8460 §4.4.
 *
 * @param type which kind
 * @param policyDomain who gets the report: the recipients' domain, or, of a report to a host, the
 *     TLSA base domain
 * @param policyString the policy as published, one element a line; empty where there is none
 * @param mxHost the {@code mx} patterns of an STS policy; else empty
 * @param tlsaBase where the TLSA records stand, which is what RFC 8460 §4.4 calls the policy domain
 *     of DANE; else none
 */
public record AppliedPolicy(
    Type type,
    DomainName policyDomain,
    List<String> policyString,
    List<String> mxHost,
    Optional<DomainName> tlsaBase) {

  /** {@code policy-type} of RFC 8460 §4.4. */
  public enum Type {
    STS("sts"),
    /** A policy of the draft of 2016, which RFC 8460 does not know; it has a report of its own. */
    DRAFT("sts1"),
    TLSA("tlsa"),
    NO_POLICY_FOUND("no-policy-found");

    private final String keyword;

    Type(String keyword) {
      this.keyword = keyword;
    }

    /** As a report spells it. */
    public String keyword() {
      return keyword;
    }
  }

  public AppliedPolicy {
    policyString = List.copyOf(policyString);
    mxHost = List.copyOf(mxHost);
  }

  /** The domain has no policy. */
  public static AppliedPolicy none(DomainName policyDomain) {
    return new AppliedPolicy(
        Type.NO_POLICY_FOUND, policyDomain, List.of(), List.of(), Optional.empty());
  }

  /** The domain announces an STS policy that could not be had, and none is kept. */
  public static AppliedPolicy unavailableSts(DomainName policyDomain) {
    return new AppliedPolicy(Type.STS, policyDomain, List.of(), List.of(), Optional.empty());
  }

  /**
   * The TLSA records of a host, in an order of their own, so that an answer of the DNS in another
   * order is no other policy.
   *
   * @param policyDomain who gets the report
   * @param tlsaBase where the records stand, or should
   * @param records empty where there should be some and are none
   */
  public static AppliedPolicy tlsa(
      DomainName policyDomain, DomainName tlsaBase, List<TlsaRecord> records) {
    return new AppliedPolicy(
        Type.TLSA,
        policyDomain,
        records.stream().map(TlsaRecord::toString).sorted().toList(),
        List.of(),
        Optional.of(tlsaBase));
  }

  /**
   * The same TLSA records, told to those who run the host (RFC 8460 §3); nothing where there are
   * none, or where it is they who get the report anyway.
   */
  public Optional<AppliedPolicy> toldToHost() {
    return tlsaBase
        .filter(base -> !base.equals(policyDomain))
        .map(base -> new AppliedPolicy(type, base, policyString, mxHost, tlsaBase));
  }

  /** A policy, in the words in which it was published. */
  public static AppliedPolicy of(KnownPolicy known) {
    return new AppliedPolicy(
        known instanceof KnownDraftPolicy ? Type.DRAFT : Type.STS,
        known.domain(),
        known.text().lines().toList(),
        known.mx().stream().map(Object::toString).toList(),
        Optional.empty());
  }
}
