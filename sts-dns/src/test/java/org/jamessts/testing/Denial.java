package org.jamessts.testing;

import java.util.Locale;

/**
 * How a signed zone of a {@link PrivateDns} proves that something does not exist.
 *
 * @param hashed NSEC3 (RFC 5155), or else NSEC (RFC 4034 §4)
 * @param iterations how often a name is hashed again, 0 to 65535
 * @param salt in hexadecimal; empty for none
 * @param optOut whether delegations without DS are left out of the chain (RFC 5155 §6)
 */
public record Denial(boolean hashed, int iterations, String salt, boolean optOut) {

  /** NSEC. */
  public static final Denial NSEC = new Denial(false, 0, "", false);

  /** NSEC3 as RFC 9276 §3.1 wants it: no further iterations, no salt. */
  public static final Denial NSEC3 = nsec3(0, "");

  /** NSEC3 with these parameters. */
  public static Denial nsec3(int iterations, String salt) {
    return new Denial(true, iterations, salt.toUpperCase(Locale.ROOT), false);
  }

  /** The same with opt-out. */
  public Denial withOptOut() {
    if (!hashed) {
      throw new IllegalStateException("NSEC knows no opt-out");
    }
    return new Denial(true, iterations, salt, true);
  }
}
