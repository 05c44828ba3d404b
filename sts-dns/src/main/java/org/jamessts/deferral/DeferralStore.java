package org.jamessts.deferral;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps mails until they are due. What {@link #put} has returned from outlives the death of the
 * process. Several servers may share one store. Implementations are safe for use by many threads,
 * answer within a bounded time, and never hold a whole content in memory.
 */
public interface DeferralStore {

  /** The content of a mail. */
  @FunctionalInterface
  interface Content {

    /**
     * Writes all of it, the same each time.
     *
     * @throws IOException when it cannot be read, or {@code out} takes no more
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * How many mails one server takes at a time, and for how long.
   *
   * @param mails at most
   * @param ofADomain at most for one domain, so that none is in the way of the others
   * @param lease how long nobody else takes them
   */
  record Share(int mails, int ofADomain, Duration lease) {}

  /**
   * Keeps a mail: all of it or nothing.
   *
   * @throws DeferralStoreException when it is not kept; or, very rarely, when it is not known
   *     whether it is, since the database broke while it committed
   */
  void put(DeferredMail mail, Content content) throws DeferralStoreException;

  /**
   * Takes mails that are due, the longest due first. They stay in the store; when a claim has ended
   * and the mail is still there, it is due again. A claim ends by its time, or when a store that no
   * other process can use is opened anew.
   *
   * @param now who is due
   */
  List<ClaimedMail> claim(Instant now, Share share) throws DeferralStoreException;

  /**
   * The content of a claimed mail, fetched part by part as it is read. Reading fails where the
   * store does, or the mail is gone.
   */
  InputStream content(ClaimedMail mail);

  /**
   * Forgets mails, all in one step, but for those of which another claim has been made since.
   *
   * @return how many were there under these claims
   */
  int delete(Collection<ClaimedMail> mails) throws DeferralStoreException;

  /** Ends a claim before its time, unless another one has been made since. */
  void release(ClaimedMail mail, Instant due) throws DeferralStoreException;

  /** When the next mail is due, or the next claim ends; empty when none waits. */
  Optional<Instant> nextDue() throws DeferralStoreException;

  /**
   * Makes mails for a domain due at once, but for those that are claimed.
   *
   * @param domain as in {@link DeferredMail.Cause}
   * @param verdicts which of its mails; empty for all
   * @param limit how many at most, the next ones first
   * @return how many
   */
  int flush(String domain, Collection<String> verdicts, Instant now, int limit)
      throws DeferralStoreException;

  /**
   * The same for several domains, in as few steps as may be.
   *
   * @param limits how many at most of each domain
   * @return how many of each domain
   */
  Map<String, Integer> flush(Map<String, Integer> limits, Collection<String> verdicts, Instant now)
      throws DeferralStoreException;

  /**
   * The same for all domains.
   *
   * @param verdict which mails
   */
  int flushAll(String verdict, Instant now, int limit) throws DeferralStoreException;

  /** How many wait for each domain and reason, in order. */
  List<DeferralCount> counts(DeferralReason reason, int offset, int limit)
      throws DeferralStoreException;

  /** The mails that wait for a domain, the next ones first. */
  List<DeferredMail> waitingFor(String domain, DeferralReason reason, int offset, int limit)
      throws DeferralStoreException;

  /** How many wait. */
  long size() throws DeferralStoreException;

  /** What does not work, in words, while it does not. */
  Optional<String> trouble();
}
