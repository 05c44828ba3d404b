package org.jamessts.conf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.harness.JamesProcess;

/**
 * Mails that are submitted by several clients at once until there are enough of them or the server
 * is gone. Each has one recipient, which nobody else has.
 */
final class Injection {

  private static final int CLIENTS = 3;
  private static final int MAILS_OF_A_CLIENT = 8;

  private final JamesProcess james;
  private final List<String> domains;
  private final String cycle;
  private final Set<String> submitted = ConcurrentHashMap.newKeySet();
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();
  private final List<Thread> clients = new ArrayList<>();

  /**
   * @param domains of the recipients, in turn
   * @param cycle part of the recipients' names
   */
  Injection(JamesProcess james, List<String> domains, String cycle) {
    this.james = james;
    this.domains = domains;
    this.cycle = cycle;
  }

  void start() {
    for (int i = 0; i < CLIENTS; i++) {
      Thread client = new Thread(this::submitAll, "client-" + i);
      client.setDaemon(true);
      client.start();
      clients.add(client);
    }
  }

  private void submitAll() {
    try {
      for (int i = 0; i < MAILS_OF_A_CLIENT; i++) {
        int number = next.getAndIncrement();
        String recipient =
            "m%d-%s@%s".formatted(number, cycle, domains.get(number % domains.size()));
        submitted.add(recipient);
        TestMail.submit(james, recipient);
        accepted.add(recipient);
      }
    } catch (IOException e) {
      // The server was killed: whether it has the mail is not known.
    }
  }

  /** Waits until the clients are done. */
  void await() throws InterruptedException {
    for (Thread client : clients) {
      client.join();
    }
  }

  /** The recipients of all mails. */
  Set<String> submitted() {
    return Set.copyOf(submitted);
  }

  /** The recipients of those for which the server said 250. */
  Set<String> accepted() {
    return Set.copyOf(accepted);
  }
}
