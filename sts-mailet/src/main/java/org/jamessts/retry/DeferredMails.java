package org.jamessts.retry;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToIntFunction;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jamessts.deferral.DeferralCount;
import org.jamessts.deferral.DeferralReason;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.PolicyChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails that wait for their next attempt: keeps them in the deferral store, and puts them back into
 * their queues when they are due. Safe for use by many threads.
 */
public final class DeferredMails implements PolicyChanges {

  private static final Logger LOGGER = LoggerFactory.getLogger(DeferredMails.class);

  private final DeferralStore store;
  private final MailQueueFactory<?> queues;
  private final RepairedDomains domains = new RepairedDomains();
  private final BusyDomains busy = new BusyDomains();
  private final RetryScheduler scheduler;
  private final Clock clock;

  /**
   * Mails of a store; none is taken from it before {@link #start}.
   *
   * @param store where they wait
   * @param queues where they go
   * @param clock tells when they are due
   */
  public DeferredMails(DeferralStore store, MailQueueFactory<?> queues, Clock clock) {
    this.store = store;
    this.queues = queues;
    this.clock = clock;
    this.scheduler =
        new RetryScheduler(
            store, new Reinjection(store, queues, domains, clock), domains, busy, clock);
  }

  /**
   * Asks, as long as mails are in the store for which there was no place, how much there is now.
   *
   * @param places for how many mails to a domain; the gateway's, where mail goes by one
   */
  public void askForPlaces(ToIntFunction<String> places) {
    busy.ask(places);
  }

  /** Begins to put back what is due, unless it has begun. */
  public void start() {
    scheduler.start();
  }

  /** Whether what is kept comes back: {@link DeferredRetry} is in use. */
  public boolean isStarted() {
    return scheduler.isStarted();
  }

  /** Puts nothing back any more; returns when that is so. */
  public void stop() {
    scheduler.stop();
  }

  RetryScheduler scheduler() {
    return scheduler;
  }

  /**
   * Keeps a mail until it is due. On return it is safe in the store.
   *
   * @param mail with the attributes of {@link Waiting}
   * @throws DeferralStoreException when the store does not keep it
   * @throws MessagingException when the mail is not one that waits, or cannot be read
   */
  public void keep(Mail mail) throws DeferralStoreException, MessagingException {
    Waiting waiting = waiting(mail);
    String envelope = MailEnvelope.encode(mail);
    check(mail, envelope);
    MimeMessage message = mail.getMessage();
    Instant now = clock.instant();
    store.put(
        new DeferredMail(
            newId(now).toString(),
            mail.getName(),
            waiting.queue().asString(),
            new DeferredMail.Cause(
                waiting.domain(),
                StsAttributes.get(mail, StsAttributes.VERDICT).orElse(""),
                StsAttributes.get(mail, StsAttributes.RESULT_TYPE).orElse(""),
                StsAttributes.get(mail, StsAttributes.EXPLANATION).orElse("")),
            envelope,
            now,
            waiting.nextAttempt()),
        out -> {
          try {
            message.writeTo(out);
          } catch (MessagingException e) {
            throw new IOException(e.getMessage(), e);
          }
        });
    domains.waits(waiting.domain());
    if (StsAttributes.isBusy(mail)) {
      busy.waits(waiting.domain());
    }
    scheduler.willBeDue(waiting.nextAttempt());
  }

  /**
   * A UUID of version 7 (RFC 9562 section 5.7). By its first bits, the time, mails that come
   * together lie together in the store, which makes it several times as fast.
   */
  private static UUID newId(Instant now) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long first = now.toEpochMilli() << 16 | 0x7000 | random.nextInt(1 << 12);
    long second = random.nextLong() >>> 2 | 1L << 63;
    return new UUID(first, second);
  }

  private static Waiting waiting(Mail mail) throws MessagingException {
    return Waiting.of(mail)
        .orElseThrow(
            () ->
                new MessagingException(
                    mail.getName()
                        + " was not deferred by StsRemoteDelivery: it has no "
                        + StsAttributes.NEXT_ATTEMPT.asString()));
  }

  /** What could not be read later must not go into the store. */
  private static void check(Mail mail, String envelope) throws MessagingException {
    try {
      MailImpl same = MailEnvelope.decode(envelope);
      boolean complete =
          List.copyOf(same.getRecipients()).equals(List.copyOf(mail.getRecipients()));
      LifecycleUtil.dispose(same);
      if (!complete) {
        throw new MessagingException("the recipients of " + mail.getName() + " cannot be kept");
      }
    } catch (UnreadableMailException e) {
      throw new MessagingException(mail.getName() + " cannot be kept: " + e.getMessage(), e);
    }
  }

  /**
   * Puts a mail into its queue that the store did not keep, with a delay. A queue that ignores
   * delays gives it back at once; the mail says itself that it is too early.
   *
   * @throws MessagingException when the queue does not take it either
   */
  void putBack(Mail mail) throws MessagingException {
    Waiting waiting = waiting(mail);
    mail.setState(Mail.ERROR);
    queues.createQueue(waiting.queue()).enQueue(mail, Waiting.left(mail, clock.instant()));
  }

  /**
   * A mail for a domain was delivered: those that wait because of its hosts or its policy may be,
   * too.
   */
  public void delivered(String domain) {
    if (domains.delivered(domain, clock.instant())) {
      scheduler.lookAgain();
    }
  }

  @Override
  public void changed(DomainName domain) {
    if (domains.changed(domain.value())) {
      scheduler.lookAgain();
    }
  }

  /** Policies hold back less than before: the mails that wait because of one need not. */
  public void enforcementLowered() {
    domains.enforcementLowered();
    scheduler.lookAgain();
  }

  /**
   * Makes all mails for a domain due now.
   *
   * @param domain in A-labels; the gateway's, where mail goes by one
   * @return how many there are
   */
  public int flush(DomainName domain) throws DeferralStoreException {
    int flushed = store.flush(domain.value(), List.of(), clock.instant(), Integer.MAX_VALUE);
    LOGGER.info("{} mails to {} are tried again now, as told", flushed, domain);
    scheduler.lookAgain();
    return flushed;
  }

  /** How many wait for each domain and reason. */
  public List<DeferralCount> counts(DeferralReason reason, int offset, int limit)
      throws DeferralStoreException {
    return store.counts(reason, offset, limit);
  }

  /** The mails that wait for a domain, the next ones first. */
  public List<DeferredMail> waitingFor(DomainName domain, int offset, int limit)
      throws DeferralStoreException {
    return waitingFor(domain, DeferralReason.ANY, offset, limit);
  }

  /** Those of them that wait for a reason. */
  public List<DeferredMail> waitingFor(
      DomainName domain, DeferralReason reason, int offset, int limit)
      throws DeferralStoreException {
    return store.waitingFor(domain.value(), reason, offset, limit);
  }

  /** When a mail that waits came here, which is before it was deferred; empty when not known. */
  public Optional<Instant> arrival(DeferredMail mail) {
    return MailEnvelope.arrival(mail.envelope());
  }

  /** How many wait; counted less than a minute ago. */
  public long size() {
    return scheduler.size();
  }

  /** What does not work, in words, while it does not. */
  public Optional<String> trouble() {
    return store.trouble();
  }
}
