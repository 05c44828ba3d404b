package org.jamessts.command;

/** How the command ends. */
enum Status {
  /** All is well: mail would go, a policy is kept, a report tells of no failure. */
  GOOD(0),
  /** It is not: mail would wait or fail, no policy is kept, a report tells of failures. */
  BAD(1),
  /** The command makes no sense. */
  USAGE(2),
  /** It could not be found out. */
  UNKNOWN(3);

  private final int code;

  Status(int code) {
    this.code = code;
  }

  /** For the shell. */
  int code() {
    return code;
  }
}
