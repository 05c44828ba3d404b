package org.jamessts.bench.delivery;

import java.io.ByteArrayInputStream;
import java.util.List;
import javax.inject.Inject;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;

/**
 * Runs in the James that is measured, before the mailet that delivers: fills its queue, so that
 * taking mail in does not compete with sending it. Parameters: {@code mails}, {@code octets} of
 * each, {@code domains} to which they go in turn ({@code d0.bench.test} and so on), and {@code
 * tarpits} with {@code tarpitMails} for each, which are put before the others.
 */
public final class PrefillQueue extends GenericMailet {

  private final MailQueueFactory<?> queues;

  /** Called by James. */
  @Inject
  public PrefillQueue(MailQueueFactory<?> queues) {
    this.queues = queues;
  }

  @Override
  public void init() throws MessagingException {
    MailQueue queue = queues.createQueue(MailQueueName.of("outgoing"));
    byte[] message = Load.message(parameter("octets", 1_000));
    int number = 0;
    int tarpits = parameter("tarpits", 0);
    for (int i = 0; i < tarpits * parameter("tarpitMails", 0); i++) {
      enqueue(queue, number++, "t" + i % tarpits + ".bench.test", message);
    }
    int domains = parameter("domains", 1);
    for (int i = 0; i < parameter("mails", 0); i++) {
      enqueue(queue, number++, "d" + i % domains + ".bench.test", message);
    }
  }

  private int parameter(String name, int absent) {
    return Integer.parseInt(getInitParameter(name, Integer.toString(absent)));
  }

  private static void enqueue(MailQueue queue, int number, String domain, byte[] message)
      throws MessagingException {
    Mail mail =
        MailImpl.builder()
            .name("bench" + number + "-to-" + domain)
            .sender("alice@ours.test")
            .addRecipients(List.of(new MailAddress("bob@" + domain)))
            .mimeMessage(new MimeMessage((Session) null, new ByteArrayInputStream(message)))
            .build();
    queue.enQueue(mail);
    LifecycleUtil.dispose(mail);
  }

  @Override
  public void service(Mail mail) {
    // There is nothing to do with mail: this is here for its start.
  }
}
