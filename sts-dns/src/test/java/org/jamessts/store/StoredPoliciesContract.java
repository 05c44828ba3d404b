package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.draft;
import static org.jamessts.testing.SamplePolicies.name;
import static org.jamessts.testing.SamplePolicies.none;
import static org.jamessts.testing.SamplePolicies.policy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.Slot;
import org.junit.jupiter.api.Test;

/** What comes back from the database, to a server that did not put it there. */
interface StoredPoliciesContract extends StoreContract {

  @Test
  default void slotsShouldBeKeptApart() {
    Instant now = clock().instant();
    KnownPolicy mtaSts = policy("a.example", now);
    KnownPolicy confirmed = draft("a.example", Standing.CONFIRMED, 1_000, now);
    KnownPolicy candidate = draft("a.example", Standing.CANDIDATE, 2_000, now);
    Server writer = server();
    List.of(candidate, mtaSts, confirmed).forEach(writer.policies::put);

    Server reader = server();

    assertThat(reader.policies.get(Slot.MTA_STS, name("a.example"))).contains(mtaSts);
    assertThat(reader.policies.get(Slot.DRAFT, name("a.example"))).contains(confirmed);
    assertThat(reader.policies.get(Slot.DRAFT_CANDIDATE, name("a.example"))).contains(candidate);
    assertThat(reader.policies.known()).containsExactlyInAnyOrder(mtaSts, confirmed, candidate);
    assertThat(reader.policies.get(Slot.DRAFT, name("b.example"))).isEmpty();
  }

  @Test
  default void policyThatAsksForNothingShouldComeBack() {
    KnownPolicy none = none("a.example", 60, clock().instant());
    server().policies.put(none);

    assertThat(server().policies.get(Slot.MTA_STS, none.domain())).contains(none);
  }

  @Test
  default void draftShouldComeBackWithTheExpiryThatItHad() {
    // The expiry holds the TTL of the record too, which the text does not tell.
    KnownPolicy policy = draft("a.example", Standing.CONFIRMED, 4_242, clock().instant());
    server().policies.put(policy);

    assertThat(server().policies.get(Slot.DRAFT, policy.domain()).orElseThrow().expiresAt())
        .isEqualTo(clock().instant().plusSeconds(4_242));
  }

  @Test
  default void removeShouldTakeOneSlotAndNoMore() {
    Instant now = clock().instant();
    KnownPolicy confirmed = draft("a.example", Standing.CONFIRMED, 1_000, now);
    KnownPolicy candidate = draft("a.example", Standing.CANDIDATE, 1_000, now);
    KnownPolicy other = draft("b.example", Standing.CANDIDATE, 1_000, now);
    Server server = server();
    List.of(confirmed, candidate, other).forEach(server.policies::put);

    server.policies.remove(candidate);

    assertThat(server.policies.get(Slot.DRAFT_CANDIDATE, candidate.domain())).isEmpty();
    assertThat(server().policies.known()).containsExactlyInAnyOrder(confirmed, other);
  }

  @Test
  default void removeShouldLeaveAPolicyThatAnotherServerFetchedLater() {
    Server first = server();
    Server second = server();
    KnownPolicy older = draft("a.example", Standing.CANDIDATE, 1_000, clock().instant());
    first.policies.put(older);
    clock().advance(Duration.ofSeconds(1));
    KnownPolicy newer = draft("a.example", Standing.CANDIDATE, 1_000, clock().instant());
    second.policies.put(newer);

    first.policies.remove(older);

    assertThat(first.policies.get(Slot.DRAFT_CANDIDATE, newer.domain())).contains(newer);
  }

  @Test
  default void theLatestFetchShouldBeStoredWhenManyPutAtOnce() throws Exception {
    Instant start = clock().instant();
    List<Server> servers = List.of(server(), server());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int round = 0; round < 20; round++) {
      String domain = "d" + round + ".example";
      List<Future<Boolean>> puts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        KnownPolicy version = policy(domain, "v" + i, 604_800, start.plusMillis(i));
        Server server = servers.get(i % 2);
        puts.add(threads.submit(() -> server.policies.put(version)));
      }
      for (Future<Boolean> put : puts) {
        assertThat(put.get()).isTrue();
      }
    }
    threads.shutdown();

    assertThat(servers).allSatisfy(one -> assertThat(one.policies.trouble()).isEmpty());
    assertThat(server().policies.known())
        .hasSize(20)
        .allSatisfy(stored -> assertThat(stored.id()).isEqualTo("v7"));
  }

  @Test
  default void expiredDraftsShouldBeDeletedADayLater() {
    Server server = server();
    server.policies.put(draft("a.example", Standing.CONFIRMED, 60, clock().instant()));
    server.policies.put(draft("b.example", Standing.CANDIDATE, 60, clock().instant()));
    clock().advance(Duration.ofHours(23));
    server.policies.deleteExpired();
    assertThat(server().policies.known()).hasSize(2);

    clock().advance(Duration.ofHours(2));
    server.policies.deleteExpired();

    assertThat(server().policies.known()).isEmpty();
  }

  @Test
  default void rowThatDoesNotReadAsADraftShouldCountAsNotThere() throws SQLException {
    Server server = server();
    KnownPolicy good = draft("good.example", Standing.CONFIRMED, 1_000, clock().instant());
    server.policies.put(good);
    server.policies.put(draft("bad.example", Standing.CONFIRMED, 1_000, clock().instant()));
    sql("UPDATE sts_draft SET body = CAST('ab' AS BYTEA) WHERE domain = 'bad.example'");

    assertThat(server().policies.get(Slot.DRAFT, name("bad.example"))).isEmpty();
    assertThat(server().policies.known()).containsExactly(good);
  }
}
