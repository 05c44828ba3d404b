package org.jamessts.retry;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.jamessts.deferral.ClaimedMail;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.deferral.DeferralStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts mails that are due back into their queues. A mail leaves the store only when it is in its
 * queue; if the process dies in between it is there twice, and may be delivered twice. Used by one
 * thread.
 */
final class Reinjection {

  private static final Logger LOGGER = LoggerFactory.getLogger(Reinjection.class);

  /** Longer than a round takes; a server that died holds its mails back for no longer. */
  static final DeferralStore.Share SHARE = new DeferralStore.Share(64, 16, Duration.ofMinutes(10));

  /** Each deletion waits for the disk. So many may come twice when the process dies before it. */
  private static final int DELETED_AT_ONCE = 16;

  /** Before a mail is tried again whose queue did not take it. */
  static final Duration QUEUE_REST = Duration.ofMinutes(1);

  /** Before one is looked at again that cannot be read: somebody has to mend it. */
  static final Duration UNREADABLE_REST = Duration.ofHours(1);

  private final DeferralStore store;
  private final MailQueueFactory<?> queues;
  private final RepairedDomains domains;
  private final Clock clock;

  /** In their queues already, but still in the store, which failed. */
  private final List<ClaimedMail> injected = new ArrayList<>();

  Reinjection(
      DeferralStore store, MailQueueFactory<?> queues, RepairedDomains domains, Clock clock) {
    this.store = store;
    this.queues = queues;
    this.domains = domains;
    this.clock = clock;
  }

  /** What came of a round. */
  enum Outcome {
    /** Nothing was due. */
    NOTHING,
    /** All that was claimed is done; there may be more. */
    SOME,
    /** A queue takes no mail. */
    QUEUE_FAILS
  }

  /**
   * Puts back some of what is due.
   *
   * @param stopping whether to stop: what is left goes to whoever comes next
   * @throws DeferralStoreException when the store fails; what it still has is claimed until its
   *     claim ends
   */
  Outcome round(BooleanSupplier stopping) throws DeferralStoreException {
    deleteInjected();
    Instant claimed = clock.instant();
    // Of mails whose claim has ended another server may have taken care.
    Instant end = claimed.plus(SHARE.lease().dividedBy(2));
    List<ClaimedMail> due = store.claim(claimed, SHARE);
    Outcome outcome = due.isEmpty() ? Outcome.NOTHING : Outcome.SOME;
    for (ClaimedMail mail : due) {
      // A queue that fails may take its time for that with each.
      if (stopping.getAsBoolean() || clock.instant().isAfter(end)) {
        store.release(mail, clock.instant());
      } else if (!putBack(mail)) {
        outcome = Outcome.QUEUE_FAILS;
      }
    }
    deleteInjected();
    return outcome;
  }

  private void deleteInjected() throws DeferralStoreException {
    if (!injected.isEmpty()) {
      store.delete(List.copyOf(injected));
      injected.clear();
    }
  }

  /** Whether the queue is not to blame. */
  private boolean putBack(ClaimedMail claimed) throws DeferralStoreException {
    domains.waits(claimed.mail().cause().domain());
    MailImpl mail;
    try {
      mail = read(claimed);
    } catch (UnreadableMailException e) {
      LOGGER.error("{} stays in the store: {}", claimed.mail().name(), e.getMessage(), e);
      store.release(claimed, clock.instant().plus(UNREADABLE_REST));
      return true;
    }
    try {
      queues.createQueue(MailQueueName.of(claimed.mail().queue())).enQueue(mail);
    } catch (MessagingException | RuntimeException | Error e) {
      // Errors too: for a large mail, a queue may need more memory than there is.
      LOGGER.error(
          "{} stays in the store: the queue {} did not take it",
          claimed.mail().name(),
          claimed.mail().queue(),
          e);
      store.release(claimed, clock.instant().plus(QUEUE_REST));
      return false;
    } finally {
      LifecycleUtil.dispose(mail);
    }
    LOGGER.debug("{} is in the queue {} again", claimed.mail().name(), claimed.mail().queue());
    injected.add(claimed);
    if (injected.size() >= DELETED_AT_ONCE) {
      deleteInjected();
    }
    return true;
  }

  private MailImpl read(ClaimedMail claimed) throws UnreadableMailException {
    MailImpl mail = MailEnvelope.decode(claimed.mail().envelope());
    // From a file, where it is large.
    try (InputStream content = store.content(claimed)) {
      mail.setMessageNoCopy(
          new MimeMessageWrapper(MimeMessageInputStreamSource.create(mail.getName(), content)));
    } catch (IOException | MessagingException e) {
      LifecycleUtil.dispose(mail);
      throw new UnreadableMailException("the content cannot be read: " + e, e);
    }
    if (Waiting.isTooEarly(mail, clock.instant()) && !StsAttributes.isBusy(mail)) {
      // An attempt beside the schedule must not use up one of it. Waiting for place has not.
      mail.setAttribute(
          DeliveryRetriesHelper.makeAttribute(
              Math.max(0, DeliveryRetriesHelper.retrieveRetries(mail) - 1)));
    }
    StsAttributes.forgetWaiting(mail);
    return mail;
  }
}
