package org.jamessts.demo;

import java.util.Optional;
import org.jamessts.testing.PrivateInternet;

/**
 * One domain of the private Internet, and what must become of mail to it.
 *
 * @param domain the recipient's domain
 * @param promise what it publishes, in a few words
 * @param situation what is wrong or right there, in a few words
 * @param expected what the standards say must happen to the mail
 * @param setUp makes the domain
 * @param turn what changes there after an earlier mail, which is not the one that counts; without
 *     it, there is none
 */
record Scenario(
    String domain,
    String promise,
    String situation,
    Fate expected,
    SetUp setUp,
    Optional<SetUp> turn) {

  /** A domain that stays as it is. */
  Scenario(String domain, String promise, String situation, Fate expected, SetUp setUp) {
    this(domain, promise, situation, expected, setUp, Optional.empty());
  }

  /** What became of a mail, as its receiving servers saw it. */
  enum Fate {
    /** It came in TLS. */
    TLS,
    /** It came in clear. */
    CLEAR,
    /** Not an octet of it came. */
    NOTHING
  }

  /** Makes a domain, or changes it. */
  @FunctionalInterface
  interface SetUp {
    void make(PrivateInternet internet);
  }

  String recipient() {
    return "bob@" + domain;
  }
}
