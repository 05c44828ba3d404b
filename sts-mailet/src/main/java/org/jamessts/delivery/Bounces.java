package org.jamessts.delivery;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up mail: it goes to the bounce processor, else its sender gets a notification. Mail without
 * a sender goes to James's error processor then, so that it does not vanish.
 */
final class Bounces {

  private static final Logger LOGGER = LoggerFactory.getLogger(Bounces.class);

  private final Optional<String> processor;
  private final MailetContext james;
  private final StatusNotifier notifier;
  private final Clock clock;

  /**
   * @param processor where given-up mail goes
   * @param james brings it there
   * @param notifier tells senders when there is no such processor
   * @param clock the moment of the last attempt
   */
  Bounces(Optional<String> processor, MailetContext james, StatusNotifier notifier, Clock clock) {
    this.processor = processor;
    this.james = james;
    this.notifier = notifier;
    this.clock = clock;
  }

  /**
   * Gives the mail up for some of its recipients, and takes them off it.
   *
   * @return those for whom that was not possible: they are still on the mail
   */
  List<Bounced> giveUp(Mail mail, List<Bounced> outcomes) {
    grouped(outcomes, Bounced::reason).forEach((reason, same) -> log(mail, reason, same));
    List<Bounced> kept = new ArrayList<>();
    for (List<Bounced> together : together(outcomes)) {
      List<String> recipients = together.stream().map(Bounced::recipient).toList();
      try {
        tell(mail, recipients, together);
        Recipients.remove(mail, recipients);
      } catch (MessagingException | RuntimeException e) {
        LOGGER.error("{} could not be bounced and is kept", mail.getName(), e);
        kept.addAll(together);
      }
    }
    return kept;
  }

  private static void log(Mail mail, Reason reason, List<Bounced> outcomes) {
    LogLine.of("mail", mail.getName())
        .with("outcome", "bounced")
        .with("recipients", outcomes.stream().map(Bounced::recipient).toList())
        .with("code", reason.ultimate())
        .with(reason.forLog())
        .to(LOGGER, reason.level());
  }

  /** James's matchers and mailets know one code a mail; a sender wants one notification. */
  private Collection<List<Bounced>> together(List<Bounced> outcomes) {
    return grouped(outcomes, outcome -> processor.isPresent() ? outcome.reason().ultimate() : "")
        .values();
  }

  private static <K> Map<K, List<Bounced>> grouped(
      List<Bounced> outcomes, Function<Bounced, K> key) {
    return outcomes.stream()
        .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
  }

  private void tell(Mail mail, List<String> recipients, List<Bounced> outcomes)
      throws MessagingException {
    Mail failed = Recipients.copyFor(mail, recipients);
    try {
      DeliveryAttributes.describeGivenUp(failed, outcomes, clock.instant());
      if (processor.isPresent()) {
        james.sendMail(failed, processor.get());
      } else if (!mail.hasSender()) {
        LOGGER.warn("{} has no sender to tell: it goes to the error processor", mail.getName());
        james.sendMail(failed, Mail.ERROR);
      } else if (!notifier.tellFailure(failed)) {
        LOGGER.info("{} has a sender who does not want to be told: it ends here", mail.getName());
      }
    } finally {
      LifecycleUtil.dispose(failed);
    }
  }
}
