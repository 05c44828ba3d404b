package org.jamessts.delivery;

import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives up mail: the sender is told, or whoever should know. */
final class Bounces {

  private static final Logger LOGGER = LoggerFactory.getLogger(Bounces.class);

  private final DeliveryParameters parameters;
  private final MailetContext james;

  Bounces(DeliveryParameters parameters, MailetContext james) {
    this.parameters = parameters;
    this.james = james;
  }

  /**
   * Gives the mail up for some of its recipients, and takes them off it.
   *
   * @return whether that was possible; if not, they are still on the mail and are to be tried again
   */
  boolean giveUp(Mail mail, List<String> recipients, Reason reason) {
    LOGGER.info(
        "{} outcome=bounced recipients={} code=\"{}\" reason=\"{}\"",
        mail.getName(),
        Recipients.shown(recipients),
        reason.ultimate(),
        reason.explanation());
    try {
      tell(mail, recipients, reason);
      Recipients.remove(mail, recipients);
      return true;
    } catch (MessagingException | RuntimeException e) {
      LOGGER.error("{} could not be bounced and is kept", mail.getName(), e);
      return false;
    }
  }

  private void tell(Mail mail, List<String> recipients, Reason reason) throws MessagingException {
    Mail failed = Recipients.copyFor(mail, recipients);
    try {
      DeliveryAttributes.describeGivenUp(failed, reason);
      if (parameters.processors().bounce().isPresent()) {
        james.sendMail(failed, parameters.processors().bounce().get());
      } else if (mail.hasSender()) {
        james.bounce(failed, BounceText.of(recipients, reason));
      } else {
        LOGGER.warn(
            "{} has no sender to tell and no bounceProcessor is set: it ends here", mail.getName());
      }
    } finally {
      LifecycleUtil.dispose(failed);
    }
  }
}
