package org.jamessts.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.core.builder.MimeMessageBuilder;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.activemq.ActiveMQMailQueueFactory;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** James's queues on disk: what James and we rely on, by the interfaces that we use. */
class DurableQueuesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration NONE = Duration.ZERO;
  private static final MailQueueName OUTGOING = MailQueueName.of("outgoing");

  @TempDir Path directory;
  Broker broker;
  ManageableMailQueue queue;

  @BeforeEach
  void open() throws IOException {
    broker = Broker.start(directory);
    ActiveMQMailQueueFactory factory =
        new DurableQueues(broker.connections())
            .factory(
                new RawMailQueueItemDecoratorFactory(),
                new RecordingMetricFactory(),
                new NoopGaugeRegistry());
    queue = factory.createQueue(OUTGOING);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private void reopen() throws IOException {
    broker.close();
    open();
  }

  private MailQueueItem take() {
    MailQueueItem item = Flux.from(queue.deQueue()).blockFirst(PATIENCE);
    assertThat(item).isNotNull();
    return item;
  }

  private static Mail mail(String name, byte[] text) throws Exception {
    MimeMessage message = MimeMessageBuilder.mimeMessageBuilder().setSubject(name).build();
    message.setContent(new String(text, StandardCharsets.US_ASCII), "text/plain");
    message.saveChanges();
    return MailImpl.builder()
        .name(name)
        .sender("alice@localhost")
        .addRecipients(new MailAddress("bob@a.test"))
        .mimeMessage(message)
        .build();
  }

  private void put(String name, Duration delay) throws Exception {
    put(mail(name, "Hello.\r\n".getBytes(StandardCharsets.US_ASCII)), delay);
  }

  private void put(Mail mail, Duration delay) throws Exception {
    try {
      queue.enQueue(mail, delay);
    } finally {
      LifecycleUtil.dispose(mail);
    }
  }

  @Test
  void mailShouldBeThereAgainWhenItWasTakenAndNotConfirmed() throws Exception {
    put("first", NONE);
    assertThat(take().getMail().getName()).isEqualTo("first");

    reopen();

    MailQueueItem again = take();
    assertThat(again.getMail().getName()).isEqualTo("first");
    assertThat(again.getMail().getMessage().getContent()).isEqualTo("Hello.\r\n");
    again.done(CompletionStatus.SUCCESS);
    reopen();
    assertThat(queue.getSize()).isZero();
  }

  @Test
  void mailShouldStayHoweverOftenItIsPutBack() throws Exception {
    put("stubborn", NONE);

    for (int i = 0; i < 20; i++) {
      MailQueueItem item = take();
      item.done(CompletionStatus.RETRY);
    }

    assertThat(take().getMail().getName()).isEqualTo("stubborn");
  }

  @Test
  void mailShouldPassAnyNumberThatWait() throws Exception {
    for (int i : IntStream.range(0, 300).toArray()) {
      put("waits" + i, Duration.ofHours(1));
    }
    put("new", NONE);

    assertThat(take().getMail().getName()).isEqualTo("new");
  }

  @Test
  void largestMailShouldBeKept() throws Exception {
    byte[] text = new byte[53_000_000];
    Arrays.fill(text, (byte) 'x');
    put(mail("large", text), NONE);

    reopen();

    assertThat(take().getMail().getMessageSize()).isGreaterThan(text.length);
  }

  @Test
  void secondProcessShouldBeRefused() {
    assertThatThrownBy(() -> Broker.start(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(directory.toString());
  }
}
