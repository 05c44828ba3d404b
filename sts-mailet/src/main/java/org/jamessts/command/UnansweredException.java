package org.jamessts.command;

/** It could not be found out; the message says why. */
final class UnansweredException extends Exception {
  private static final long serialVersionUID = 1L;

  UnansweredException(String message) {
    super(message);
  }
}
