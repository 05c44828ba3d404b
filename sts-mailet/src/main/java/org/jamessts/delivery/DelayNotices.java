package org.jamessts.delivery;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.jamessts.delivery.Patience.Turn;
import org.jamessts.delivery.RecipientOutcome.Deferred;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells senders, once for each mail, that it is late. */
final class DelayNotices {

  private static final Logger LOGGER = LoggerFactory.getLogger(DelayNotices.class);

  private final StatusNotifier notifier;
  private final Clock clock;

  DelayNotices(StatusNotifier notifier, Clock clock) {
    this.notifier = notifier;
    this.clock = clock;
  }

  /**
   * Tells the sender if it is time to, and notes in the mail that he knows: before the mail is
   * stored again, so that whoever finds it there need not tell him again. If that fails, the next
   * attempt comes here again.
   *
   * @param mail has only those recipients left that wait
   * @param waiting why, for each of them
   */
  void tellIfLate(Mail mail, List<Deferred> waiting, Turn turn) {
    if (!turn.isLate() || turn.isLast() || DeliveryAttributes.isDelayTold(mail)) {
      return;
    }
    Map<String, Reason> reasons =
        waiting.stream()
            .collect(Collectors.toMap(Deferred::recipient, Deferred::reason, (one, other) -> one));
    try {
      if (notifier.tellDelay(mail, reasons, turn.until())) {
        DeliveryAttributes.noteDelayTold(mail, clock.instant());
        LOGGER.info("{} is late: its sender was told", mail.getName());
      }
    } catch (MessagingException | RuntimeException e) {
      LOGGER.error("{} is late, but its sender could not be told", mail.getName(), e);
    }
  }
}
