package org.jamessts.smtp;

import java.util.List;

/**
 * What became of a mail.
 *
 * @param recipients one result for each recipient, in the order of the envelope
 */
public record DeliveryResult(List<RecipientResult> recipients) {

  public DeliveryResult {
    recipients = List.copyOf(recipients);
  }

  /** Whether the server took the mail for every recipient. */
  public boolean allAccepted() {
    return recipients.stream().allMatch(RecipientResult.Accepted.class::isInstance);
  }
}
