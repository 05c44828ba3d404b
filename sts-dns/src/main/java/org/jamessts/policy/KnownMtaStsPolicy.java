package org.jamessts.policy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;

/**
 * A policy by RFC 8461. Only this package builds one, and a store, from what it was given: to hold
 * it is the proof that somebody vouches for it.
 *
 * @param domain the policy domain
 * @param id the {@code id} of the TXT record that led to the fetch (RFC 8461 §3.1); empty for a
 *     preloaded one, which no record can name
 * @param policy text and value
 * @param fetchedAt the moment of the fetch, from which {@code max_age} counts; in microseconds, as
 *     databases keep it
 * @param origin who vouches for it
 */
public record KnownMtaStsPolicy(
    DomainName domain, String id, StsPolicy policy, Instant fetchedAt, Origin origin)
    implements KnownPolicy {

  /** Who vouches for a policy. */
  public enum Origin {
    /** The domain: it was fetched from its authenticated place. */
    FETCHED("MTA-STS"),
    /** A preload list, for domains of which nothing was fetched yet. */
    PRELOADED("preload list"),
    /** The operator of this server. */
    OPERATOR("operator's policy");

    private final String words;

    Origin(String words) {
      this.words = words;
    }
  }

  public KnownMtaStsPolicy {
    fetchedAt = fetchedAt.truncatedTo(ChronoUnit.MICROS);
  }

  /** A policy that was fetched. */
  public KnownMtaStsPolicy(DomainName domain, String id, StsPolicy policy, Instant fetchedAt) {
    this(domain, id, policy, fetchedAt, Origin.FETCHED);
  }

  /** A policy that the operator set; when it ends is not its own matter. */
  public static KnownMtaStsPolicy ofOperator(DomainName domain, StsPolicy policy) {
    return new KnownMtaStsPolicy(domain, "operator", policy, Instant.EPOCH, Origin.OPERATOR);
  }

  /** A policy from a list that was made at a moment, and holds as long as the list. */
  public static KnownMtaStsPolicy preloaded(DomainName domain, StsPolicy policy, Instant made) {
    return new KnownMtaStsPolicy(domain, "", policy, made, Origin.PRELOADED);
  }

  @Override
  public Slot slot() {
    return Slot.MTA_STS;
  }

  @Override
  public String text() {
    return policy.text();
  }

  @Override
  public List<MxPattern> mx() {
    return policy.mx();
  }

  @Override
  public Strength strength() {
    return switch (policy.mode()) {
      case ENFORCE -> Strength.ENFORCED;
      case TESTING -> Strength.REPORTED;
      case NONE -> Strength.NOTHING;
    };
  }

  /** Whether it asks for nothing (RFC 8461 §5). */
  public boolean isNone() {
    return policy.mode() == StsMode.NONE;
  }

  @Override
  public Instant expiresAt() {
    return fetchedAt.plus(policy.maxAge());
  }

  @Override
  public String describe() {
    return origin.words + " (" + policy.mode().keyword() + ") " + domain;
  }
}
