package org.jamessts.delivery;

import java.io.Closeable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.util.MDCBuilder;
import org.apache.mailet.Mail;
import org.jamessts.engine.Lanes;
import org.jamessts.retry.DeferredMails;
import org.jamessts.retry.Waiting;
import org.jamessts.threads.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Takes mails from James's outgoing queue and puts each into the lane of its destination. An item
 * is completed only after every recipient's outcome is safe elsewhere; if that fails the item is
 * put back, after a rest.
 */
final class OutgoingQueue {

  private static final Logger LOGGER = LoggerFactory.getLogger(OutgoingQueue.class);
  private static final String TRIAL = "RemoteDeliveryTrial";

  /**
   * Where James's distributed server has its queue, the only one of James that ignores delays. It
   * is no class that we could name: other servers do not have it.
   */
  private static final String RABBITMQ = "org.apache.james.queue.rabbitmq.";

  /** Of James's queues those that wait for the next mail on threads of their own. */
  private static final List<String> WAITING_ASIDE =
      List.of("org.apache.james.queue.memory.", RABBITMQ);

  /** What a mail takes of a processor, about, with all that James does for it. */
  private static final Duration WORK = Duration.ofMillis(1);

  private static final int DEQUEUERS = 8;
  private static final int IDLE_SECONDS = 60;

  /**
   * Before a mail that could not even be queued again goes back, and before a failed queue is asked
   * again.
   */
  private static final Duration REST = Duration.ofSeconds(10);

  private final MailQueue queue;
  private final MailProcessing processing;
  private final DeferredMails deferred;
  private final Lanes<String> lanes;
  private final int window;
  private final MetricFactory metrics;
  private final Clock clock;
  private final Duration grace;

  /** Of threads that may block, which those of a queue may not. */
  private final Scheduler dequeuer;

  private final Sinks.Empty<Void> stopping = Sinks.empty();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Whoever waits for the next mail is interrupted then, which is no failure of the queue. */
  private volatile boolean ending;

  /**
   * @param deferred brings back mails for which there was no place, when there is
   * @param limits how many mails are worked at once
   * @param grace how long conversations may go on after the stop
   */
  OutgoingQueue(
      MailQueue queue,
      MailProcessing processing,
      DeferredMails deferred,
      Lanes.Limits limits,
      MetricFactory metrics,
      Clock clock,
      Duration grace) {
    this.queue = queue;
    this.processing = processing;
    this.deferred = deferred;
    this.lanes =
        new Lanes<>(
            limits,
            WORK.dividedBy(Runtime.getRuntime().availableProcessors()),
            DaemonThreads.perTask("sts-delivery"));
    this.window = limits.all() + limits.window();
    this.metrics = metrics;
    this.clock = clock;
    this.grace = grace;
    this.dequeuer =
        Schedulers.newBoundedElastic(
            DEQUEUERS, Integer.MAX_VALUE, "sts-dequeue", IDLE_SECONDS, true);
  }

  void start() {
    deferred.askForPlaces(lanes::places);
    Flux.from(queue.deQueue())
        .doOnError(this::queueFails)
        // A queue on disk ends with its first error, though there may be no second.
        .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, REST).scheduler(dequeuer))
        // Not cancelled at the end: that would interrupt conversations.
        .takeUntilOther(stopping.asMono())
        .flatMap(this::handle, window, 1)
        .onErrorContinue((e, item) -> LOGGER.error("taking mail from the queue failed", e))
        .subscribeOn(dequeuer)
        .doFinally(end -> stopped.countDown())
        .subscribe(
            nothing -> {},
            e ->
                LOGGER.error(
                    "the queue {} has ended: no mail leaves until James is started again",
                    queue.getName().asString(),
                    e));
  }

  private void queueFails(Throwable error) {
    if (ending) {
      LOGGER.info("the queue {} was left: {}", queue.getName().asString(), error.toString());
    } else {
      LOGGER.error("the queue {} fails", queue.getName().asString(), error);
    }
  }

  /**
   * Takes no new mail, and lets conversations end for a while. One that lasts longer is left alone:
   * it sees no interruption, which it would take for a failure of what it waits for.
   */
  void stop() {
    LOGGER.info("stopping: open conversations have {} s to end", grace.toSeconds());
    ending = true;
    stopping.tryEmitEmpty();
    lanes.close();
    try {
      if (!stopped.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        LOGGER.warn("some deliveries have not ended within {} s", grace.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dequeuer.disposeGracefully().subscribe();
    processing.close();
  }

  /** How many mails are worked, and wait for that. */
  Lanes<String> lanes() {
    return lanes;
  }

  int keptSessions() {
    return processing.keptSessions();
  }

  int unreachableHosts() {
    return processing.unreachableHosts();
  }

  private enum End {
    DONE,
    /** It could not be brought to where it belongs. */
    TO_BE_PUT_BACK_LATER,
    /** Nothing was done. */
    TO_BE_PUT_BACK
  }

  private Mono<Void> handle(MailQueueItem item) {
    Mono<Void> handled = isTooEarly(item.getMail()) ? waitOn(item) : attempt(item);
    return handled.doFinally(end -> LifecycleUtil.dispose(item.getMail()));
  }

  private Mono<Void> attempt(MailQueueItem item) {
    return worked(item)
        .flatMap(
            end ->
                switch (end) {
                  case DONE -> Mono.<Void>empty();
                  case TO_BE_PUT_BACK_LATER -> rest().then(putBack(item));
                  case TO_BE_PUT_BACK -> putBack(item);
                });
  }

  private Mono<End> worked(MailQueueItem item) {
    Mono<End> end =
        Mono.create(
            sink ->
                lanes.submit(
                    processing.destination(item.getMail()),
                    new Lanes.Work() {
                      @Override
                      public void run() {
                        sink.success(process(item));
                      }

                      @Override
                      public void turnAway(Duration expected) {
                        sink.success(postpone(item, expected));
                      }

                      @Override
                      public void handBack() {
                        sink.success(End.TO_BE_PUT_BACK);
                      }
                    }));
    // A thread of a lane must not take from the queue, which may wait for long: who hears of an end
    // may do so. Nor may anything stand between the queue and its lane where a mail is laid down:
    // whoever asks for the next mail may wait for it before he takes that one up.
    Mono<End> heard = waitsAside(queue) ? end : end.publishOn(dequeuer);
    return Schedulers.isInNonBlockingThread() ? heard.subscribeOn(dequeuer) : heard;
  }

  /** The mail was to wait in the queue, which ignores delays. */
  private boolean isTooEarly(Mail mail) {
    return Waiting.isTooEarly(mail, clock.instant());
  }

  /** Behind all others: one that is put back would be the first again, and in their way. */
  private Mono<Void> waitOn(MailQueueItem item) {
    return rest()
        .then(Mono.fromCallable(() -> !ending && queueAgain(item)))
        .flatMap(queued -> queued ? Mono.empty() : putBack(item));
  }

  private boolean queueAgain(MailQueueItem item) {
    Mail mail = item.getMail();
    try {
      queue.enQueue(mail, Waiting.left(mail, clock.instant()));
      item.done(CompletionStatus.SUCCESS);
      return true;
    } catch (Exception e) {
      LOGGER.error("mail {} could not be queued again and will be put back", mail.getName(), e);
      return false;
    }
  }

  /**
   * Whether a queue gives back at once what is to wait. With the RabbitMQ queue of James's
   * distributed server it is so.
   */
  static boolean ignoresDelays(MailQueue queue) {
    return queue.getClass().getName().startsWith(RABBITMQ);
  }

  private static boolean waitsAside(MailQueue queue) {
    return WAITING_ASIDE.stream().anyMatch(queue.getClass().getName()::startsWith);
  }

  /** Not to try the same over and over; cut short by the stop. */
  private Mono<Long> rest() {
    return Mono.delay(REST, dequeuer).takeUntilOther(stopping.asMono());
  }

  private End process(MailQueueItem item) {
    TimeMetric timer = metrics.timer(TRIAL);
    End end = settle(item, processing::process);
    if (end == End.DONE) {
      timer.stopAndPublish();
    }
    return end;
  }

  private End postpone(MailQueueItem item, Duration expected) {
    return settle(item, mail -> processing.postpone(mail, expected));
  }

  private interface Settling {
    void settle(Mail mail) throws MessagingException;
  }

  // The log context is there to be closed, not to be used.
  @SuppressWarnings("try")
  private static End settle(MailQueueItem item, Settling settling) {
    Mail mail = item.getMail();
    try (Closeable context = logContext(mail)) {
      settling.settle(mail);
      item.done(CompletionStatus.SUCCESS);
      return End.DONE;
    } catch (Throwable e) {
      // Ours to mend, never the mail's fault. Errors too: else the item would be nowhere.
      LOGGER.error("mail {} could not be processed and will be put back", mail.getName(), e);
      return End.TO_BE_PUT_BACK_LATER;
    }
  }

  private static Closeable logContext(Mail mail) {
    return MDCBuilder.create()
        .addToContext("mail", mail.getName())
        .addToContext("recipients", StsRemoteDelivery.texts(mail.getRecipients()).toString())
        .addToContext("sender", mail.getMaybeSender().asString())
        .build();
  }

  private static Mono<Void> putBack(MailQueueItem item) {
    return Mono.fromRunnable(
        () -> {
          try {
            item.done(CompletionStatus.RETRY);
          } catch (Exception e) {
            LOGGER.error("mail could not be put back; the queue still owns it", e);
          }
        });
  }
}
