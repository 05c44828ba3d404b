package org.jamessts.enforcement;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far this server keeps to what domains publish; a later value does less. */
public enum Enforcement {
  /** Mail that breaks it waits. */
  ENFORCE,
  /** It is looked up, judged, counted and reported, and no mail waits for it. */
  REPORT_ONLY,
  /** It is not looked up. */
  OFF;

  /** As settings and requests write it, for example {@code report-only}. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The value of a keyword, in any case. */
  public static Optional<Enforcement> of(String keyword) {
    return Arrays.stream(values())
        .filter(value -> value.keyword().equals(keyword.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /** Whether it does less than another. */
  public boolean isLowerThan(Enforcement other) {
    return compareTo(other) > 0;
  }
}
