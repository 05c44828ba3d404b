package org.jamessts.mtasts;

/** What the reading of a fetched policy body gives. */
public sealed interface StsPolicyParse {

  /**
   * A policy by RFC 8461 §3.2.
   *
   * @param policy text and value
   */
  record Parsed(StsPolicy policy) implements StsPolicyParse {}

  /**
   * No policy: {@code sts-policy-invalid} in the terms of RFC 8460 §4.3.
   *
   * @param reason the first thing that is wrong and where, for a person to read; bounded and
   *     printable
   */
  record Invalid(String reason) implements StsPolicyParse {}
}
