package org.jamessts.dns;

/** A text that is no set of trust anchors; the message says why. */
public final class InvalidAnchorsException extends Exception {
  private static final long serialVersionUID = 1;

  InvalidAnchorsException(String message) {
    super(message);
  }
}
