package org.jamessts.policy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.sts2016.SmtpStsRecord;

/**
 * A policy by the draft of March 2016 and how far it may be trusted. Only this package builds one,
 * and a store, from what it was given.
 *
 * @param domain the policy domain
 * @param record text and value
 * @param standing how far it may be trusted
 * @param fetchedAt when it was read; in microseconds, as databases keep it
 * @param expiresAt {@code e} and the TTL of the record later (draft -00 §3.2)
 */
public record KnownDraftPolicy(
    DomainName domain,
    SmtpStsRecord record,
    Standing standing,
    Instant fetchedAt,
    Instant expiresAt)
    implements KnownPolicy {

  /** How far a policy may be trusted; later values further. */
  public enum Standing {
    /** Nobody vouches for it: it is reported on and no more. */
    UNAUTHENTICATED("not authenticated"),
    /** It has not been applied with success yet, and must not hold mail back (draft -00 §3.5). */
    CANDIDATE("candidate"),
    /** It has been applied with success. */
    CONFIRMED("confirmed");

    private final String words;

    Standing(String words) {
      this.words = words;
    }

    /** In words, for log lines and bounces. */
    public String words() {
      return words;
    }
  }

  public KnownDraftPolicy {
    fetchedAt = fetchedAt.truncatedTo(ChronoUnit.MICROS);
    expiresAt = expiresAt.truncatedTo(ChronoUnit.MICROS);
  }

  /** The same policy after its first success. */
  KnownDraftPolicy confirmed() {
    return new KnownDraftPolicy(domain, record, Standing.CONFIRMED, fetchedAt, expiresAt);
  }

  /**
   * Where a store keeps it.
   *
   * @throws IllegalStateException for one that nobody vouches for, which is not kept
   */
  @Override
  public Slot slot() {
    return switch (standing) {
      case CONFIRMED -> Slot.DRAFT;
      case CANDIDATE -> Slot.DRAFT_CANDIDATE;
      case UNAUTHENTICATED -> throw new IllegalStateException("nobody vouches for " + this);
    };
  }

  @Override
  public String id() {
    return "";
  }

  @Override
  public String text() {
    return record.text();
  }

  @Override
  public List<MxPattern> mx() {
    return record.mx();
  }

  @Override
  public Strength strength() {
    return record.tlsOnly() ? Strength.ENFORCED : Strength.REPORTED;
  }

  /** An address for reports takes as much memory as an ordinary policy, in ten octets of text. */
  @Override
  public int weight() {
    return KnownPolicy.super.weight() + record.rua().size();
  }

  @Override
  public String describe() {
    return "SMTP STS draft (to=%s, %s) %s".formatted(record.tlsOnly(), standing.words(), domain);
  }
}
