package org.jamessts.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.deferral.DeferredMail;

/**
 * A process that puts mails of 150 MB into a store in the directory of its first argument until one
 * is not kept, and then tries to put a small one for half a minute. It prints what became of both.
 */
final class MailWithoutMemory {

  private static final int MIB = 1024 * 1024;
  private static final int LARGE = 150;
  private static final int MAILS = 10;
  private static final int TRIES = 100;
  private static final Duration REST = Duration.ofMillis(300);

  private MailWithoutMemory() {}

  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedDatabase database = new EmbeddedDatabase(Path.of(arguments[0]), Clock.systemUTC());
    DeferralStore store = new JdbcDeferralStore(database, REST.dividedBy(2));
    String large = "kept";
    for (int i = 0; i < MAILS && large.equals("kept"); i++) {
      large = put(store, "large" + i, LARGE);
    }
    System.out.println("large " + large);
    String small = "failed";
    for (int i = 0; i < TRIES && !small.equals("kept"); i++) {
      Thread.sleep(REST.toMillis());
      // Of one that was not kept nobody knows whether it is there.
      small = put(store, "small" + i, 1);
    }
    System.out.println("small " + small);
    System.out.println(database.damage().orElse("no damage"));
    System.exit(0);
  }

  private static String put(DeferralStore store, String id, int mebibytes) {
    byte[] some = new byte[MIB];
    Instant now = Instant.now();
    DeferredMail.Cause cause = new DeferredMail.Cause("example.test", "policy", "", "");
    try {
      store.put(
          new DeferredMail(id, id, "outgoing", cause, "", now, now),
          out -> {
            for (int i = 0; i < mebibytes; i++) {
              out.write(some);
            }
          });
      return "kept";
    } catch (DeferralStoreException | OutOfMemoryError e) {
      return "failed";
    }
  }
}
