package org.jamessts.deferral;

/** The store did not do what it was asked; the message, one line, tells the operator why. */
public final class DeferralStoreException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason why, one line
   */
  public DeferralStoreException(String reason) {
    super(reason);
  }
}
