package org.jamessts.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Domains whose mails need not wait any longer. That a mail was delivered says so of those domains
 * only for which mail was seen to wait, and once in a while: else every mail would be a question to
 * the database. Bounded, since domains are named by strangers: who is forgotten waits as long as he
 * would have. Safe for use by many threads.
 */
final class RepairedDomains {

  private static final int MAX = 10_000;
  private static final Duration BETWEEN = Duration.ofMinutes(1);

  /** Domains for which mail waits, and when the next delivery to one counts. */
  private final Map<String, Instant> waiting =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MAX;
        }
      };

  private final Set<String> repaired = new LinkedHashSet<>();
  private boolean enforcementLowered;

  /** A mail for the domain waits. */
  synchronized void waits(String domain) {
    waiting.putIfAbsent(domain, Instant.MIN);
  }

  /**
   * A mail for the domain was delivered.
   *
   * @return whether this is news
   */
  synchronized boolean delivered(String domain, Instant now) {
    Instant next = waiting.get(domain);
    if (next == null || now.isBefore(next)) {
      return false;
    }
    waiting.put(domain, now.plus(BETWEEN));
    return changed(domain);
  }

  /**
   * The domain says so itself, with another policy.
   *
   * @return whether this is news
   */
  synchronized boolean changed(String domain) {
    return repaired.size() < MAX && repaired.add(domain);
  }

  /** Those that became known since the last time. */
  synchronized List<String> take() {
    List<String> taken = new ArrayList<>(repaired);
    repaired.clear();
    return taken;
  }

  /** Policies hold back less than before, whatever domain they are of. */
  synchronized void enforcementLowered() {
    enforcementLowered = true;
  }

  /** Whether that became known since the last time. */
  synchronized boolean takeEnforcementLowered() {
    boolean taken = enforcementLowered;
    enforcementLowered = false;
    return taken;
  }
}
