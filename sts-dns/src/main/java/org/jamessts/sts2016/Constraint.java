package org.jamessts.sts2016;

import java.util.Locale;

/** What the certificate of an MX host must satisfy: the tag {@code c} (-00 §3.4). */
public enum Constraint {
  /** Valid for the name of the MX host, not expired, and issued under a trusted root. */
  WEBPKI,
  /** Matched by a TLSA record as RFC 7672 says. */
  TLSA;

  /** The word in a record: lower case, as -00 §3 spells it. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }
}
