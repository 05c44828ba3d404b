package org.jamessts.store;

/** The database did not answer; the message tells the operator why. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  StoreException(String reason) {
    super(reason);
  }

  /** The reason, as one line. */
  public String reason() {
    return String.valueOf(getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
