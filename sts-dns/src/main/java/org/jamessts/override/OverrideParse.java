package org.jamessts.override;

/** What the reading of an override gives. */
public sealed interface OverrideParse {

  /**
   * An override.
   *
   * @param override its value; it may have ended
   */
  record Parsed(DomainOverride override) implements OverrideParse {}

  /**
   * No override.
   *
   * @param reason what is wrong, where, and what is allowed, for a person to read; one line,
   *     bounded and printable
   */
  record Invalid(String reason) implements OverrideParse {}
}
