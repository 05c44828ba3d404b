package org.jamessts.enforcement;

/** What became of an operator's wish. */
public sealed interface EnforcementChange {

  /** It holds here now, and within seconds on every server of the store. */
  record Done() implements EnforcementChange {}

  /**
   * It makes no sense; nothing has changed.
   *
   * @param reason why, and what is allowed
   */
  record Refused(String reason) implements EnforcementChange {}

  /**
   * It would make sense, but the store does not keep it; nothing has changed.
   *
   * @param reason what does not work
   */
  record Failed(String reason) implements EnforcementChange {}
}
