package org.jamessts.attack;

import java.time.Duration;

/**
 * What may lie on a policy host.
 *
 * @param text the body
 * @param lifetime its {@code max_age}
 * @param isPolicy whether it is one by RFC 8461 §3.2
 */
record PolicyText(String text, Duration lifetime, boolean isPolicy) {

  static PolicyText of(String mode, String mx, Duration lifetime) {
    // The lifetime stands last, without a line end: cut anywhere behind its first digit, the text
    // is still a policy.
    return new PolicyText(
        "version: STSv1\nmode: %s\nmx: %s\nmax_age: %d".formatted(mode, mx, lifetime.toSeconds()),
        lifetime,
        true);
  }

  static PolicyText broken(String mx) {
    return new PolicyText("version: STSv1\nmode: none\nmx: " + mx, Duration.ZERO, false);
  }

  /** What is left of it when somebody cuts the connection early. */
  String cut() {
    return text.substring(0, text.indexOf("max_age: ") + "max_age: ".length() + 1);
  }
}
