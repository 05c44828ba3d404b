package org.jamessts.delivery;

import java.util.List;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.jamessts.delivery.RecipientOutcome.Deferred;
import org.jamessts.delivery.RecipientOutcome.Delivered;

/**
 * What one attempt to deliver one mail came to: an outcome for each of its recipients.
 *
 * @param outcomes one for each recipient
 */
public record DeliveryReport(List<RecipientOutcome> outcomes) {
  public DeliveryReport {
    outcomes = List.copyOf(outcomes);
  }

  /** Who has the mail now. */
  public List<Delivered> delivered() {
    return only(Delivered.class);
  }

  /** Who may get it later. */
  public List<Deferred> deferred() {
    return only(Deferred.class);
  }

  /** Who will not get it. */
  public List<Bounced> bounced() {
    return only(Bounced.class);
  }

  private <T extends RecipientOutcome> List<T> only(Class<T> kind) {
    return outcomes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
