package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jamessts.deferral.ClaimedMail;
import org.jamessts.deferral.DeferralReason;
import org.jamessts.deferral.DeferralStore.Share;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.testing.FileSizeLimit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disk is full while mails come and go in an embedded database. What the store has said that it
 * keeps is there when there is room again.
 */
@Timeout(120)
class FullDiskTest {

  private static final String DOMAIN = "example.test";
  private static final int CHANGES = 300;
  private static final int FAILURES = 5;

  /** H2 uses freed space again after ten seconds, so the changes must take some. */
  private static final Duration PAUSE = Duration.ofMillis(40);

  @TempDir Path directory;
  private final Set<String> kept = new HashSet<>();

  /** Whether they are there the store did not say. */
  private final Set<String> unsure = new HashSet<>();

  // The limit is there to be closed, not to be used.
  @SuppressWarnings("try")
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void everyMailThatIsKeptShouldBeThereWhenThereIsRoomAgain(int seed) throws Exception {
    Random random = new Random(seed);
    Database database = new EmbeddedDatabase(directory, Clock.systemUTC());
    try (JdbcDeferralStore store = new JdbcDeferralStore(database, Duration.ZERO)) {
      assertThat(store.size()).isZero();
      try (FileSizeLimit full = FileSizeLimit.of(400_000 + random.nextInt(1_000_000))) {
        assertThat(change(store, random)).as("the disk is full").isEqualTo(FAILURES);
      }

      List<String> there = new ArrayList<>(ids(store));
      there.removeAll(unsure);
      assertThat(there).containsExactlyInAnyOrderElementsOf(kept);
      store.put(mail("afterwards"), out -> {});
      assertThat(ids(store)).contains("afterwards");
      assertThat(store.trouble()).isEmpty();
      assertThat(database.damage()).isEmpty();
    } finally {
      database.close();
    }
  }

  /** How often the store failed. */
  private int change(JdbcDeferralStore store, Random random) throws InterruptedException {
    int failures = 0;
    for (int i = 0; i < CHANGES && failures < FAILURES; i++) {
      Thread.sleep(PAUSE.toMillis());
      try {
        if (random.nextInt(3) > 0) {
          put(store, "mail-" + i, random);
        } else {
          takeSome(store, 1 + random.nextInt(4));
        }
      } catch (DeferralStoreException e) {
        failures++;
      }
    }
    return failures;
  }

  private void put(JdbcDeferralStore store, String id, Random random)
      throws DeferralStoreException {
    byte[] content = new byte[random.nextInt(30_000)];
    random.nextBytes(content);
    unsure.add(id);
    store.put(mail(id), out -> out.write(content));
    unsure.remove(id);
    kept.add(id);
  }

  private void takeSome(JdbcDeferralStore store, int count) throws DeferralStoreException {
    for (ClaimedMail due :
        store.claim(Instant.now(), new Share(count, count, Duration.ofHours(1)))) {
      String id = due.mail().id();
      kept.remove(id);
      unsure.add(id);
      store.delete(List.of(due));
      unsure.remove(id);
    }
  }

  private static Set<String> ids(JdbcDeferralStore store) throws DeferralStoreException {
    return store.waitingFor(DOMAIN, DeferralReason.ANY, 0, 10 * CHANGES).stream()
        .map(DeferredMail::id)
        .collect(Collectors.toSet());
  }

  private static DeferredMail mail(String id) {
    Instant now = Instant.now();
    return new DeferredMail(
        id,
        id,
        "outgoing",
        new DeferredMail.Cause(DOMAIN, "policy", "", "450 later"),
        "envelope",
        now,
        now);
  }
}
