package org.jamessts.policy;

import java.time.Instant;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;

/** A policy of a domain and since when it is known, whichever system it belongs to. */
public sealed interface KnownPolicy permits KnownMtaStsPolicy, KnownDraftPolicy {

  /** The policy domain. */
  DomainName domain();

  /** Where a store keeps it. */
  Slot slot();

  /** What tells this version from others, where the system has such a thing; else empty. */
  String id();

  /** The policy as published. */
  String text();

  /** Which hosts may receive mail. */
  List<MxPattern> mx();

  /** What happens to mail that breaks it. */
  Strength strength();

  /** The moment of the fetch; in microseconds, as databases keep it. */
  Instant fetchedAt();

  /** From when on it no longer holds. */
  Instant expiresAt();

  /** System and mode in a few words, for log lines and bounces. */
  String describe();

  /** Whether it holds at a moment; one with a lifetime of 0 holds at none. */
  default boolean holdsAt(Instant now) {
    return now.isBefore(expiresAt());
  }

  /**
   * How much memory it takes, where an ordinary policy is 1: text and patterns come from a
   * stranger, and may be long.
   */
  default int weight() {
    int ordinaryOctets = 800;
    int patternOctets = 100;
    return 1 + (text().length() + patternOctets * mx().size()) / ordinaryOctets;
  }
}
