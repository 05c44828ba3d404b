package org.jamessts.delivery;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.smtp.DsnWishes;
import org.jamessts.smtp.InvalidMailboxException;
import org.jamessts.smtp.MailOptions;
import org.jamessts.smtp.MailboxPath;
import org.jamessts.smtp.Xtext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the submitter of a mail asked for, as James keeps it in the mail. */
final class SubmittersOptions {

  private static final Logger LOGGER = LoggerFactory.getLogger(SubmittersOptions.class);

  /** The priority that a mail had before the queue's own marks; 0 for none (RFC 6710 §2). */
  static final AttributeName PRIORITY = AttributeName.of("sts.mt-priority");

  private static final int HIGHEST = 9;

  private SubmittersOptions() {}

  /**
   * Keeps the priority with which a mail came. James's queues have their marks in the same
   * attribute, so afterwards nobody could tell whose it is.
   */
  static void keepPriority(Mail mail) {
    if (mail.getAttribute(PRIORITY).isEmpty()) {
      int given =
          AttributeUtils.getValueAndCastFromMail(
                  mail, MailPrioritySupport.MAIL_PRIORITY, Integer.class)
              .filter(priority -> priority > 0)
              .orElse(0);
      mail.setAttribute(new Attribute(PRIORITY, AttributeValue.of(Math.min(given, HIGHEST))));
    }
  }

  /**
   * Reads them. What cannot be read is left out: no mail waits for that.
   *
   * @param allOrNone what the operator adds
   */
  static MailOptions of(Mail mail, boolean allOrNone) {
    int priority =
        AttributeUtils.getValueAndCastFromMail(mail, PRIORITY, Integer.class)
            .filter(value -> value > 0 && value <= HIGHEST)
            .orElse(0);
    return new MailOptions(
        dsn(mail), priority == 0 ? OptionalInt.empty() : OptionalInt.of(priority), allOrNone);
  }

  private static DsnWishes dsn(Mail mail) {
    try {
      return mail.dsnParameters().map(SubmittersOptions::wishes).orElse(DsnWishes.NONE);
    } catch (RuntimeException e) {
      LOGGER.warn("{}: what its sender wants to be told is not readable", mail.getName(), e);
      return DsnWishes.NONE;
    }
  }

  private static DsnWishes wishes(DsnParameters given) {
    Map<MailboxPath, DsnWishes.ForRecipient> recipients = new HashMap<>();
    given
        .getRcptParameters()
        .forEach(
            (address, said) ->
                path(address).ifPresent(path -> recipients.put(path, forRecipient(said))));
    return new DsnWishes(
        given.getRetParameter().map(ret -> DsnWishes.Ret.valueOf(ret.name())),
        given.getEnvIdParameter().flatMap(id -> Xtext.parse(id.asString())),
        recipients);
  }

  private static Optional<MailboxPath> path(MailAddress address) {
    try {
      return Optional.of(Routing.path(address));
    } catch (InvalidMailboxException | InvalidDomainNameException e) {
      // Such a recipient gets no mail either.
      return Optional.empty();
    }
  }

  private static DsnWishes.ForRecipient forRecipient(RecipientDsnParameters said) {
    Set<DsnWishes.Notify> occasions = new LinkedHashSet<>();
    said.getNotifyParameter()
        .ifPresent(all -> all.forEach(one -> occasions.add(DsnWishes.Notify.valueOf(one.name()))));
    return new DsnWishes.ForRecipient(
        occasions,
        // James's SMTP server keeps ORCPT as it came, which is in xtext; mailets may set it plain.
        said.getOrcptParameter()
            .map(MailAddress::asString)
            .flatMap(text -> Xtext.parse(text).or(() -> Xtext.encode(text))));
  }
}
