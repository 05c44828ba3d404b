package org.jamessts.delivery;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.jamessts.smtp.PrintableText;

/** Takes a mail apart by its recipients. They are given as James spells them. */
final class Recipients {

  private Recipients() {}

  /** A mail of its own for some; to be disposed of. */
  static Mail copyFor(Mail mail, List<String> recipients) throws MessagingException {
    Mail copy = mail.duplicate();
    keep(copy, recipients);
    return copy;
  }

  /** Leaves only these on the mail. */
  static void keep(Mail mail, List<String> recipients) {
    retain(mail, Set.copyOf(recipients)::contains);
  }

  /** Takes these off the mail. */
  static void remove(Mail mail, List<String> recipients) {
    retain(mail, Predicate.not(Set.copyOf(recipients)::contains));
  }

  /** For log lines; James allows line ends in addresses. */
  static List<String> shown(List<String> recipients) {
    return recipients.stream().map(PrintableText::ofAddress).toList();
  }

  private static void retain(Mail mail, Predicate<String> wanted) {
    mail.setRecipients(
        mail.getRecipients().stream().filter(address -> wanted.test(address.asString())).toList());
  }
}
