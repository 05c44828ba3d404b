package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.allOf;
import static org.jamessts.testing.SamplePolicies.draft;
import static org.jamessts.testing.SamplePolicies.name;
import static org.jamessts.testing.SamplePolicies.none;
import static org.jamessts.testing.SamplePolicies.policy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PastPolicy;
import org.jamessts.policy.PolicyPage;
import org.jamessts.policy.PolicyQuery;
import org.jamessts.policy.RefreshTimes;
import org.jamessts.policy.Slot;
import org.jamessts.policy.StoredPolicy;
import org.jamessts.policy.Strength;
import org.jspecify.annotations.Nullable;
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
    assertThat(allOf(reader.policies)).containsExactlyInAnyOrder(mtaSts, confirmed, candidate);
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
    assertThat(allOf(server().policies)).containsExactlyInAnyOrder(confirmed, other);
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
    assertThat(allOf(server().policies))
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
    assertThat(allOf(server().policies)).hasSize(2);

    clock().advance(Duration.ofHours(2));
    server.policies.deleteExpired();

    assertThat(allOf(server().policies)).isEmpty();
  }

  @Test
  default void rowThatDoesNotReadAsADraftShouldCountAsNotThere() throws SQLException {
    Server server = server();
    KnownPolicy good = draft("good.example", Standing.CONFIRMED, 1_000, clock().instant());
    server.policies.put(good);
    server.policies.put(draft("bad.example", Standing.CONFIRMED, 1_000, clock().instant()));
    sql("UPDATE sts_draft SET body = CAST('ab' AS BYTEA) WHERE domain = 'bad.example'");

    assertThat(server().policies.get(Slot.DRAFT, name("bad.example"))).isEmpty();
    assertThat(allOf(server().policies)).containsExactly(good);
  }

  private static List<String> domains(PolicyPage page) {
    return page.policies().stream()
        .map(stored -> stored.policy().domain() + " " + stored.policy().slot().keyword())
        .toList();
  }

  @Test
  default void pagesShouldHoldWholeDomainsAndLeadToTheNext() {
    Instant now = clock().instant();
    Server server = server();
    server.policies.put(draft("b.example", Standing.CANDIDATE, 1_000, now));
    server.policies.put(draft("b.example", Standing.CONFIRMED, 1_000, now));
    List.of("c.example", "a.example", "b.example")
        .forEach(domain -> server.policies.put(policy(domain, now)));
    PolicyQuery query = PolicyQuery.first(2);

    PolicyPage first = server.policies.find(query);
    PolicyPage second = server.policies.find(query.after(first.next().orElseThrow()));

    assertThat(domains(first))
        .containsExactly(
            "a.example mta-sts", "b.example mta-sts", "b.example sts1", "b.example sts1-candidate");
    assertThat(domains(second)).containsExactly("c.example mta-sts");
    assertThat(second.next()).isEmpty();
  }

  @Test
  default void pagesShouldGoOnOverMoreRowsThanAreReadAtOnce() {
    Instant now = clock().instant();
    Server server = server();
    for (int i = 0; i < 150; i++) {
      String domain = "d%03d.example".formatted(i);
      server.policies.put(policy(domain, now));
      server.policies.put(draft(domain, Standing.CONFIRMED, 1_000, now));
    }

    assertThat(server.policies.find(PolicyQuery.first(1_000)).policies()).hasSize(300);
    PolicyPage page = server.policies.find(PolicyQuery.first(120));
    assertThat(page.policies()).hasSize(240);
    assertThat(page.next()).contains(name("d119.example"));
  }

  @Test
  default void filtersShouldLeaveWhatIsAskedFor() {
    Instant now = clock().instant();
    Server server = server();
    server.policies.put(policy("short.example", "1", 60, now));
    server.policies.put(policy("long.example", now));
    server.policies.put(none("none.example", 604_800, now));
    server.policies.put(draft("draft.example", Standing.CONFIRMED, 1_000, now));
    clock().advance(Duration.ofHours(2));
    server.refreshes.used(List.of(name("long.example")), clock().instant());

    assertThat(domains(server.policies.find(query(Set.of(Slot.DRAFT), null, null, null))))
        .containsExactly("draft.example sts1");
    assertThat(domains(server.policies.find(query(Set.of(), Strength.NOTHING, null, null))))
        .containsExactly("none.example mta-sts");
    assertThat(domains(server.policies.find(query(Set.of(), null, now.plusSeconds(61), null))))
        .containsExactly("short.example mta-sts");
    assertThat(domains(server.policies.find(query(Set.of(), null, null, clock().instant()))))
        .containsExactly("long.example mta-sts");
    assertThat(server.policies.find(query(Set.of(), Strength.NOTHING, now, null)).policies())
        .isEmpty();
  }

  private static PolicyQuery query(
      Set<Slot> slots,
      @Nullable Strength strength,
      @Nullable Instant expiringBefore,
      @Nullable Instant usedSince) {
    return new PolicyQuery(
        slots,
        Optional.ofNullable(strength),
        Optional.ofNullable(expiringBefore),
        Optional.ofNullable(usedSince),
        Optional.empty(),
        100);
  }

  @Test
  default void useAndRefreshShouldBeToldOfADomain() {
    Instant now = clock().instant();
    Server server = server();
    KnownPolicy policy = policy("a.example", now);
    server.policies.put(policy);

    assertThat(server.policies.of(name("a.example")))
        .containsExactly(
            new StoredPolicy(policy, Optional.of(now), Optional.of(RefreshTimes.due(policy))));
    assertThat(server.policies.of(name("b.example"))).isEmpty();
  }

  @Test
  default void policyThatGaveWayShouldBeFoundInTheHistory() {
    Server server = server();
    KnownPolicy first = policy("a.example", "1", 60, clock().instant());
    server.policies.put(first);
    clock().advance(Duration.ofSeconds(1));
    KnownPolicy again = policy("a.example", "2", 60, clock().instant());
    server.policies.put(again);
    assertThat(server.policies.history(name("a.example")).orElseThrow())
        .as("the same text")
        .isEmpty();
    clock().advance(Duration.ofSeconds(1));
    KnownPolicy other = policy("a.example", "3", 90, clock().instant());
    server.policies.put(other);
    server.policies.put(other);
    server.policies.put(again);

    assertThat(server().policies.history(name("a.example")).orElseThrow())
        .containsExactly(
            new PastPolicy(Slot.MTA_STS, "2", again.text(), again.fetchedAt(), other.fetchedAt()));
    assertThat(server.policies.history(name("b.example")).orElseThrow()).isEmpty();
  }

  @Test
  default void historyShouldKeepTheLatestFewOfADomainAndOfAll() {
    Server server = server();
    for (int i = 0; i < 15; i++) {
      clock().advance(Duration.ofSeconds(1));
      server.policies.put(policy("a.example", "v" + i, 60 + i, clock().instant()));
      server.policies.put(draft("b.example", Standing.CONFIRMED, 60 + i, clock().instant()));
    }

    assertThat(server.policies.history(name("a.example")).orElseThrow())
        .extracting(PastPolicy::id)
        .hasSize(10)
        .startsWith("v13", "v12");
    server.policies.pruneHistory(4);
    assertThat(server.policies.history(name("a.example")).orElseThrow()).hasSize(2);
    assertThat(server.policies.history(name("b.example")).orElseThrow())
        .hasSize(2)
        .allSatisfy(past -> assertThat(past.slot()).isEqualTo(Slot.DRAFT));
  }

  @Test
  default void removeAllShouldLeaveWhatWasFetchedSince() {
    Server server = server();
    Instant now = clock().instant();
    for (int i = 0; i < 1_100; i++) {
      server.policies.put(policy("d" + i + ".example", now));
    }
    server.policies.put(draft("a.example", Standing.CONFIRMED, 60, now));
    KnownPolicy later = policy("later.example", now.plusSeconds(1));
    server.policies.put(later);

    assertThat(server.policies.removeAll(now)).contains(1_101L);

    assertThat(allOf(server.policies)).containsExactly(later);
    assertThat(allOf(server().policies)).containsExactly(later);
    assertThat(server.policies.removeAll(now)).contains(0L);
  }

  @Test
  default void removalShouldFailLoudlyWithoutDatabase() {
    Server server = serverWithoutDatabase();
    KnownPolicy policy = policy("a.example", clock().instant());
    server.policies.put(policy);

    assertThat(server.policies.of(policy.domain())).containsExactly(StoredPolicy.inMemory(policy));
    assertThat(server.policies.removeAll(clock().instant())).isEmpty();
    assertThat(server.policies.get(Slot.MTA_STS, policy.domain())).contains(policy);
    assertThat(server.policies.remove(policy)).isFalse();
  }
}
