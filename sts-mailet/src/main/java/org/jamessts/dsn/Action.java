package org.jamessts.dsn;

/** What became of a mail for a recipient (RFC 3464 §2.3.3), as far as it is told to senders. */
public enum Action {
  /** Given up. */
  FAILED("failed"),
  /** Not delivered yet, and still being tried. */
  DELAYED("delayed"),
  /** Taken by a server that will not tell whether it has delivered it. */
  RELAYED("relayed");

  private final String word;

  Action(String word) {
    this.word = word;
  }

  /** The value of the field {@code Action}. */
  String word() {
    return word;
  }
}
