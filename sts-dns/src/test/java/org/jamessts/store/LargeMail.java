package org.jamessts.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jamessts.deferral.ClaimedMail;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.deferral.DeferredMail;

/**
 * A process that keeps a mail in a store and reads it back: on an embedded database in the
 * directory of its first argument, or at the PostgreSQL URL there. The second is the size in
 * octets. It prints {@code same} if what came back is what was kept.
 */
final class LargeMail {

  private static final byte[] LINE =
      "0123456789abcdef0123456789abcdef0123456789abc\r\n".getBytes(US_ASCII);

  private LargeMail() {}

  public static void main(String[] arguments) throws Exception {
    String place = arguments[0];
    long size = Long.parseLong(arguments[1]);
    Database database =
        place.startsWith(PostgresServer.SCHEME)
            ? new PostgresDatabase(new PostgresServer(place, "postgres", "postgres"))
            : new EmbeddedDatabase(Path.of(place), Clock.systemUTC());
    MessageDigest kept = MessageDigest.getInstance("SHA-256");
    DeferralStore store = new JdbcDeferralStore(database, Duration.ofSeconds(1));
    Instant now = Instant.now();
    store.put(
        new DeferredMail(
            "1",
            "large",
            "outgoing",
            new DeferredMail.Cause("a.example", "policy", "", ""),
            "",
            now,
            now),
        out -> {
          kept.reset();
          for (long left = size; left > 0; left -= LINE.length) {
            out.write(LINE, 0, (int) Math.min(left, LINE.length));
            kept.update(LINE, 0, (int) Math.min(left, LINE.length));
          }
        });
    ClaimedMail mail =
        store
            .claim(now.plusSeconds(1), new DeferralStore.Share(1, 1, Duration.ofMinutes(1)))
            .get(0);
    MessageDigest found = MessageDigest.getInstance("SHA-256");
    long read = 0;
    try (InputStream in = store.content(mail)) {
      byte[] some = new byte[8192];
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        found.update(some, 0, n);
        read += n;
      }
    }
    boolean same = read == size && MessageDigest.isEqual(kept.digest(), found.digest());
    System.out.println(same ? "same" : read + " octets of " + size);
    database.close();
    System.exit(0);
  }
}
