package org.jamessts.policy;

/** What a policy does to mail that breaks it; later values do more. */
public enum Strength {
  /** Nothing: {@code mode: none}. */
  NOTHING,
  /** It is reported: {@code mode: testing}, {@code to=false}. */
  REPORTED,
  /** It is held back: {@code mode: enforce}, {@code to=true}. */
  ENFORCED
}
