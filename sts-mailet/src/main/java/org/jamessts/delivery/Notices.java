package org.jamessts.delivery;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.jamessts.delivery.Patience.Turn;
import org.jamessts.delivery.RecipientOutcome.Deferred;
import org.jamessts.delivery.RecipientOutcome.Delivered;
import org.jamessts.dsn.Diagnosis;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells senders what is no failure: once for each mail, that it is late; and who asked for it, that
 * it has gone to a server that will tell him nothing more.
 */
final class Notices {

  private static final Logger LOGGER = LoggerFactory.getLogger(Notices.class);

  private final StatusNotifier notifier;
  private final Clock clock;

  Notices(StatusNotifier notifier, Clock clock) {
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

  /**
   * Tells that the mail was relayed, if anybody wanted to be told of its delivery (RFC 3461
   * §5.2.2). If that fails, it is not tried again: the mail is not here any more.
   */
  void tellRelayed(Mail mail, List<Delivered> delivered) {
    Map<String, Diagnosis> lastWords = new HashMap<>();
    delivered.forEach(
        outcome -> outcome.lastWord().ifPresent(said -> lastWords.put(outcome.recipient(), said)));
    try {
      if (notifier.tellRelayed(mail, lastWords)) {
        LOGGER.info("{} was relayed: its sender was told, as he wanted", mail.getName());
      }
    } catch (MessagingException | RuntimeException e) {
      LOGGER.error("{} was relayed, but its sender could not be told", mail.getName(), e);
    }
  }
}
