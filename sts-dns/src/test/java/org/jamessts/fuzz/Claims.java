package org.jamessts.fuzz;

import java.util.List;
import java.util.function.Supplier;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;

/** What all targets claim. Made for a million calls in a minute: a message only when needed. */
final class Claims {

  /** A JSON pointer takes 300 of it. */
  private static final int LONGEST_REASON = 700;

  private Claims() {}

  static void that(boolean holds, Supplier<String> claim) {
    if (!holds) {
      throw new AssertionError(claim.get());
    }
  }

  static void equal(Object found, Object expected, String what) {
    that(
        found.equals(expected), () -> what + " should be\n  " + expected + "\nand not\n  " + found);
  }

  /** One line for a person to read, bounded and printable. */
  static void isReason(String reason) {
    that(
        !reason.isBlank() && reason.length() <= LONGEST_REASON,
        () -> "a reason of " + reason.length() + " characters: " + reason);
    that(
        reason.chars().allMatch(c -> c >= 0x20 && c <= 0x7e),
        () -> "a reason that is not printable: " + reason);
  }

  static void areCanonical(List<MxPattern> patterns) {
    patterns.forEach(pattern -> isCanonical(pattern.name()));
  }

  static void isCanonical(DomainName name) {
    that(HostNames.isCanonical(name.value()), () -> "not canonical: " + name);
  }
}
