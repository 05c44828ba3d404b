package org.jamessts.command;

/** How the command ends. */
enum Status {
  /** All is well: mail would go, a policy is kept, a report tells of no failure. */
  GOOD,
  /** It is not: mail would wait or fail, no policy is kept, a report tells of failures. */
  BAD,
  /** The command makes no sense. */
  USAGE,
  /** It could not be found out. */
  UNKNOWN;

  /** For the shell: 0 to 3. */
  int code() {
    return ordinal();
  }
}
