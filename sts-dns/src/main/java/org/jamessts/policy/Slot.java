package org.jamessts.policy;

import java.util.Arrays;
import java.util.Optional;

/** What kind of policy a store keeps: at most one of each kind for a domain. */
public enum Slot {
  /** A policy by RFC 8461. */
  MTA_STS("mta-sts"),
  /** A policy by the draft of 2016 that has been applied with success. */
  DRAFT("sts1"),
  /** A policy by the draft of 2016 that is authenticated but has had no success yet. */
  DRAFT_CANDIDATE("sts1-candidate");

  private final String keyword;

  Slot(String keyword) {
    this.keyword = keyword;
  }

  /** As JSON and log lines spell it. */
  public String keyword() {
    return keyword;
  }

  /** The slot of that keyword. */
  public static Optional<Slot> ofKeyword(String keyword) {
    return Arrays.stream(values()).filter(slot -> slot.keyword.equals(keyword)).findFirst();
  }
}
