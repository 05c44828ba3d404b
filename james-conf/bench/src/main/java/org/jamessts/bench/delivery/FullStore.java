package org.jamessts.bench.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jamessts.bench.TypicalPolicies;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;

/** A store that has much in it before James is started: none of it is of the run. */
final class FullStore {

  private static final int OCTETS = 1_000;
  private static final int DOMAINS = 1_000;
  private static final int REMEMBERED = 1_000;

  /** No mail of it is due, and no policy ends, before a run is over. */
  private static final Duration LATER = Duration.ofDays(1);

  private FullStore() {}

  static void write(Path directory, int waiting, int policies)
      throws IOException, DeferralStoreException {
    Clock clock = Clock.systemUTC();
    byte[] content = "x".repeat(OCTETS).getBytes(StandardCharsets.US_ASCII);
    try (Stores stores = new Stores(new EmbeddedDatabase(directory, clock), REMEMBERED, clock)) {
      Instant now = clock.instant();
      for (int i = 0; i < waiting; i++) {
        stores.deferrals().put(mail(i, now), out -> out.write(content));
      }
      for (int i = 0; i < policies; i++) {
        // Refreshed before, as a server does all the time: not all of a day in this very minute.
        boolean unused = stores.policies().put(TypicalPolicies.fetched(i, now));
      }
    }
  }

  private static DeferredMail mail(int number, Instant now) {
    return new DeferredMail(
        "waiting" + number,
        "waiting" + number,
        "outgoing",
        new DeferredMail.Cause(
            "w" + number % DOMAINS + ".bench.test", "policy", "starttls-not-supported", "no TLS"),
        "{}",
        now,
        now.plus(LATER));
  }
}
