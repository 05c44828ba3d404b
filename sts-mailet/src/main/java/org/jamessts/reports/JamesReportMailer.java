package org.jamessts.reports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jamessts.tlsrpt.send.ReportMail;
import org.jamessts.tlsrpt.send.ReportMailer;

/**
 * Puts reports into James's spool, in a processor of the operator's that signs them. The contact is
 * the sender of the envelope, too: what cannot be delivered comes back to somebody who cares.
 */
public final class JamesReportMailer implements ReportMailer {

  private final MailQueueFactory<?> queues;
  private final String processor;
  private final Clock clock;

  /**
   * @param queues of James; the spool is one of them
   * @param processor where they begin
   * @param clock dates them
   */
  public JamesReportMailer(MailQueueFactory<?> queues, String processor, Clock clock) {
    this.queues = queues;
    this.processor = processor;
    this.clock = clock;
  }

  @Override
  public void send(ReportMail report) throws IOException {
    try {
      MailImpl mail = mail(report);
      try {
        ReportMark.set(mail);
        // As James's own MailetContext does, which knows no spool before all of James has started:
        // reports may be due by then.
        mail.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);
        mail.setState(processor);
        queues.createQueue(MailQueueFactory.SPOOL).enQueue(mail);
      } finally {
        LifecycleUtil.dispose(mail);
      }
    } catch (MessagingException | RuntimeException e) {
      throw new IOException("James does not take the mail: " + e, e);
    }
  }

  private MailImpl mail(ReportMail report) throws MessagingException {
    byte[] octets = report.toOctets(clock.instant());
    return MailImpl.builder()
        .name(MailImpl.getId())
        .sender(new MailAddress(report.reporter().contact().address()))
        .addRecipient(new MailAddress(report.to().address()))
        .mimeMessage(new MimeMessage((Session) null, new ByteArrayInputStream(octets)))
        .build();
  }
}
