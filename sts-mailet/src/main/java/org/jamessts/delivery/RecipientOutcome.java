package org.jamessts.delivery;

/** What an attempt meant for one recipient. */
public sealed interface RecipientOutcome {

  /** The address, as in the envelope. */
  String recipient();

  /**
   * A server took responsibility.
   *
   * @param how which host, on what channel, and its reply: for the log
   */
  record Delivered(String recipient, String how) implements RecipientOutcome {}

  /**
   * Not now: try again later.
   *
   * @param reason why
   */
  record Deferred(String recipient, Reason reason) implements RecipientOutcome {}

  /**
   * Never: the sender is to be told.
   *
   * @param reason why
   */
  record Bounced(String recipient, Reason reason) implements RecipientOutcome {}
}
