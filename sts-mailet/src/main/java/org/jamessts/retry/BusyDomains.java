package org.jamessts.retry;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToIntFunction;

/**
 * Domains with mail in the store for which there was no place, and who knows how much place there
 * is now. Bounded, since domains are named by strangers: the mail of one that is forgotten comes
 * when it is due. Safe for use by many threads.
 */
final class BusyDomains {

  private static final int MAX = 10_000;

  private final Set<String> domains = new LinkedHashSet<>();
  private final Queue<ToIntFunction<String>> places = new ConcurrentLinkedQueue<>();

  /** Asks from now on, too, for how many mails to a domain there is place. */
  void ask(ToIntFunction<String> whoKnows) {
    places.add(whoKnows);
  }

  /** A mail for the domain is in the store because there was no place. */
  synchronized void waits(String domain) {
    if (domains.size() < MAX) {
      domains.add(domain);
    }
  }

  /** None of the domain is in the store any more. */
  synchronized void done(String domain) {
    domains.remove(domain);
  }

  synchronized boolean isEmpty() {
    return domains.isEmpty();
  }

  /** For how many mails of each domain there is place; only of those that have any. */
  synchronized Map<String, Integer> places() {
    Map<String, Integer> found = new LinkedHashMap<>();
    for (String domain : domains) {
      int count = places.stream().mapToInt(one -> one.applyAsInt(domain)).max().orElse(0);
      if (count > 0) {
        found.put(domain, count);
      }
    }
    return found;
  }
}
