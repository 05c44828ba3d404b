package org.jamessts.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.jamessts.policy.PolicyStore;
import org.jamessts.testing.SamplePolicies;

/**
 * A process that puts policies for ever: those of 0.example, 1.example and so on. It prints the
 * number of each as soon as it is kept, pauses for the given milliseconds, and expects to be
 * killed.
 */
final class PolicyWriter {

  static final Instant FETCHED_AT = Instant.parse("2026-11-23T12:00:00Z");

  private PolicyWriter() {}

  public static void main(String[] arguments) throws InterruptedException {
    long pause = Long.parseLong(arguments[1]);
    PolicyStore store =
        new Stores(
                new EmbeddedDatabase(Path.of(arguments[0]), Clock.systemUTC()),
                100,
                Clock.systemUTC())
            .policies();
    for (int i = 0; ; i++) {
      boolean kept = store.put(SamplePolicies.policy(i + ".example", FETCHED_AT));
      System.out.println((kept && store.trouble().isEmpty() ? "kept " : "lost ") + i);
      System.out.flush();
      Thread.sleep(pause);
    }
  }
}
