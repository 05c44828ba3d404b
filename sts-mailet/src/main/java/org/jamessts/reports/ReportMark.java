package org.jamessts.reports;

import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;

/**
 * Marks the mails in which we report. They go whatever becomes of TLS (RFC 8460 §3), and sessions
 * with them are not counted, or reports about reports would go to and fro for ever.
 *
 * <p>The mark is an attribute of the mail in James. Nobody can send one: SMTP, JMAP and the rest
 * have no words for attributes, and James's own relay guard ({@code SentByMailet}) relies on that,
 * too. Header fields such as {@code TLS-Report-Domain} and {@code TLS-Required}, which anybody can
 * write, mean nothing here.
 */
public final class ReportMark {

  private static final Attribute MARK =
      new Attribute(AttributeName.of("sts.own-report"), AttributeValue.of(true));

  private ReportMark() {}

  static void set(Mail mail) {
    mail.setAttribute(MARK);
  }

  /** Whether the mail is one in which we report. */
  public static boolean isOn(Mail mail) {
    return AttributeUtils.getValueAndCastFromMail(mail, MARK.getName(), Boolean.class)
        .orElse(false);
  }
}
