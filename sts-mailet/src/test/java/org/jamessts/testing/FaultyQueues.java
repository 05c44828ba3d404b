package org.jamessts.testing;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory.MemoryCacheableMailQueue;
import org.apache.mailet.Mail;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** James's own queue in memory, which fails where a test wants it to. */
public final class FaultyQueues implements MailQueueFactory<MailQueue> {

  private final MemoryMailQueueFactory real =
      new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory());

  /** Which mails cannot be queued. */
  public volatile Predicate<Mail> refused = mail -> false;

  /** What befalls a mail on its way out of the queue. */
  public volatile UnaryOperator<Mail> damage = mail -> mail;

  /** Whether mails stay in the queue. */
  public volatile boolean blocked;

  /** Whether mails come back at once, whatever their delay, as from James's RabbitMQ queue. */
  public volatile boolean ignoresDelays;

  /** How often the queue ends with an error when it is asked for mails. */
  public final AtomicInteger outages = new AtomicInteger();

  /** How items were completed, in order. */
  public final List<CompletionStatus> completions = new CopyOnWriteArrayList<>();

  /** The queue itself, to look into. */
  public MemoryCacheableMailQueue real(MailQueueName name) {
    return real.createQueue(name);
  }

  @Override
  public Optional<MailQueue> getQueue(MailQueueName name, PrefetchCount count) {
    return real.getQueue(name, count).map(FaultyQueue::new);
  }

  @Override
  public MailQueue createQueue(MailQueueName name, PrefetchCount count) {
    return new FaultyQueue(real.createQueue(name, count));
  }

  @Override
  public Set<MailQueueName> listCreatedMailQueues() {
    return real.listCreatedMailQueues();
  }

  private final class FaultyQueue implements MailQueue {
    private final MemoryCacheableMailQueue queue;

    FaultyQueue(MemoryCacheableMailQueue queue) {
      this.queue = queue;
    }

    private void check(Mail mail) throws MailQueueException {
      if (refused.test(mail)) {
        throw new MailQueueException("the disk is full");
      }
    }

    @Override
    public MailQueueName getName() {
      return queue.getName();
    }

    @Override
    public void enQueue(Mail mail, Duration delay) throws MailQueueException {
      check(mail);
      queue.enQueue(mail, ignoresDelays ? Duration.ZERO : delay);
    }

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
      check(mail);
      queue.enQueue(mail);
    }

    @Override
    public Publisher<Void> enqueueReactive(Mail mail) {
      return queue.enqueueReactive(mail);
    }

    @Override
    public Publisher<MailQueueItem> deQueue() {
      return blocked ? Flux.never() : Flux.defer(this::unlessOut);
    }

    private Flux<MailQueueItem> unlessOut() {
      return outages.getAndDecrement() > 0
          ? Flux.error(new MailQueueException("the disk is gone"))
          : Flux.from(queue.deQueue())
              .map(item -> new FaultyItem(item, damage.apply(item.getMail())));
    }

    @Override
    public void close() throws IOException {
      queue.close();
    }
  }

  private final class FaultyItem implements MailQueueItem {
    private final MailQueueItem item;
    private final Mail mail;

    FaultyItem(MailQueueItem item, Mail mail) {
      this.item = item;
      this.mail = mail;
    }

    @Override
    public Mail getMail() {
      return mail;
    }

    @Override
    public void done(CompletionStatus status) throws MailQueueException {
      item.done(status);
      completions.add(status);
    }
  }
}
