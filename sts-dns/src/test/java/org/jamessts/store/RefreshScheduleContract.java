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
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.RefreshTimes;
import org.jamessts.policy.Slot;
import org.junit.jupiter.api.Test;

/** When policies are due, who is given them, and when nobody is. */
interface RefreshScheduleContract extends StoreContract {

  Duration LEASE = Duration.ofMinutes(10);
  Duration DAY = Duration.ofDays(1);
  Duration IN_USE = Duration.ofDays(14);
  long YEAR = 31_536_000;

  private List<KnownPolicy> claim(Server server) {
    return server.refreshes.claim(clock().instant(), 100, LEASE);
  }

  private KnownPolicy kept(Server server, String domain) {
    KnownPolicy policy = policy(domain, "1", YEAR, clock().instant());
    assertThat(server.policies.put(policy)).isTrue();
    return policy;
  }

  @Test
  default void claimShouldGiveAPolicyFromTheMomentItIsDue() {
    Server server = server();
    KnownPolicy policy = kept(server, "a.example");
    Duration wait = Duration.between(clock().instant(), RefreshTimes.due(policy));

    clock().advance(wait.minusNanos(1_000));
    assertThat(claim(server)).isEmpty();
    clock().advance(Duration.ofNanos(1_000));
    assertThat(claim(server)).containsExactly(policy);
  }

  @Test
  default void claimShouldGiveThePoliciesOfAllSlotsWithinOneLimit() {
    Server server = server();
    Instant now = clock().instant();
    List<KnownPolicy> all =
        List.of(
            policy("a.example", now),
            draft("a.example", Standing.CONFIRMED, 1_000_000, now),
            draft("a.example", Standing.CANDIDATE, 1_000_000, now));
    all.forEach(server.policies::put);
    clock().advance(DAY);

    List<KnownPolicy> first = server.refreshes.claim(clock().instant(), 2, LEASE);
    List<KnownPolicy> rest = server.refreshes.claim(clock().instant(), 2, LEASE);

    assertThat(first).hasSize(2);
    assertThat(rest).hasSize(1);
    assertThat(first).doesNotContainAnyElementsOf(rest);
    assertThat(all).containsAll(first).containsAll(rest);
  }

  @Test
  default void claimShouldGiveWhatBecameDueFirst() {
    Server server = server();
    List<KnownPolicy> policies = new ArrayList<>();
    for (String domain : List.of("m.example", "z.example", "a.example", "k.example")) {
      policies.add(kept(server, domain));
      clock().advance(Duration.ofHours(4));
    }
    clock().advance(DAY);

    assertThat(server.refreshes.claim(clock().instant(), 3, LEASE))
        .containsExactlyElementsOf(policies.subList(0, 3));
  }

  @Test
  default void claimedPolicyShouldBeDueAgainWhenTheLeaseIsOver() {
    Server first = server();
    Server second = server();
    KnownPolicy policy = kept(first, "a.example");
    assertThat(allOf(second.policies)).hasSize(1);
    clock().advance(DAY);
    assertThat(claim(first)).containsExactly(policy);

    clock().advance(LEASE.minusNanos(1_000));
    assertThat(claim(first)).isEmpty();
    assertThat(claim(second)).isEmpty();
    clock().advance(Duration.ofNanos(1_000));
    assertThat(claim(second)).containsExactly(policy);
  }

  @Test
  default void claimShouldGiveEachPolicyToOneOfSeveralAtOnce() throws Exception {
    Server first = server();
    Server second = server();
    List<KnownPolicy> policies =
        IntStream.range(0, 120).mapToObj(i -> kept(first, "d" + i + ".example")).toList();
    // What was never asked has not opened its database, and has nothing due.
    assertThat(allOf(second.policies)).hasSize(120);
    clock().advance(DAY);

    CountDownLatch together = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<List<KnownPolicy>>> claims = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Server server = i % 2 == 0 ? first : second;
      Callable<List<KnownPolicy>> work =
          () -> {
            together.await();
            List<KnownPolicy> mine = new ArrayList<>();
            for (int empty = 0; empty < 3; ) {
              List<KnownPolicy> some = server.refreshes.claim(clock().instant(), 5, LEASE);
              mine.addAll(some);
              empty = some.isEmpty() ? empty + 1 : 0;
            }
            return mine;
          };
      claims.add(threads.submit(work));
    }
    together.countDown();
    List<KnownPolicy> given = new ArrayList<>();
    for (Future<List<KnownPolicy>> claim : claims) {
      given.addAll(claim.get());
    }
    threads.shutdown();

    assertThat(given).containsExactlyInAnyOrderElementsOf(policies);
  }

  @Test
  default void rescheduleShouldDecideWhenAPolicyIsDue() {
    Server server = server();
    KnownPolicy policy = kept(server, "a.example");
    KnownPolicy other = kept(server, "b.example");
    clock().advance(DAY);
    claim(server);

    server.refreshes.reschedule(policy, clock().instant().plus(Duration.ofMinutes(2)));

    clock().advance(Duration.ofMinutes(2));
    assertThat(claim(server)).containsExactly(policy);
    clock().advance(LEASE.minusMinutes(2));
    assertThat(claim(server)).containsExactly(other);
  }

  @Test
  default void rescheduleShouldLeaveAPolicyAloneThatWasFetchedSince() {
    Server server = server();
    KnownPolicy older = kept(server, "a.example");
    clock().advance(DAY);
    KnownPolicy newer = kept(server, "a.example");

    server.refreshes.reschedule(older, clock().instant());

    assertThat(claim(server)).isEmpty();
    server.refreshes.reschedule(newer, clock().instant());
    assertThat(claim(server)).containsExactly(newer);
  }

  @Test
  default void putShouldMakeAPolicyDueAsItsNewFetchSays() {
    Server server = server();
    kept(server, "a.example");
    clock().advance(DAY);
    claim(server);
    clock().advance(Duration.ofSeconds(1));
    KnownPolicy fetched = kept(server, "a.example");

    clock().advance(LEASE);
    assertThat(claim(server)).as("it is no longer taken, but not due either").isEmpty();
    clock().advance(DAY.minus(LEASE));
    assertThat(claim(server)).containsExactly(fetched);
  }

  @Test
  default void domainOutOfUseShouldNoLongerBeDueThoughItsPolicyIsKept() {
    Server server = server();
    KnownPolicy policy = kept(server, "a.example");
    clock().advance(IN_USE);
    assertThat(claim(server)).as("used 14 days ago").containsExactly(policy);

    clock().advance(LEASE);
    assertThat(claim(server)).isEmpty();
    assertThat(server().policies.get(Slot.MTA_STS, policy.domain())).contains(policy);
    clock().advance(DAY);
    assertThat(claim(server)).isEmpty();
    server.refreshes.reschedule(policy, clock().instant());
    assertThat(claim(server)).as("nobody mails it still").isEmpty();
  }

  @Test
  default void refreshShouldNotCountAsUse() {
    Server server = server();
    Instant lastUse = clock().instant();
    kept(server, "a.example");
    int refreshes = 0;
    for (int day = 0; day < 40; day++) {
      clock().advance(DAY);
      for (KnownPolicy due : claim(server)) {
        server.policies.put(policy(due.domain().value(), "1", YEAR, clock().instant()));
        refreshes++;
      }
    }

    assertThat(refreshes).isEqualTo(14);
    assertThat(server.policies.get(Slot.MTA_STS, name("a.example")).orElseThrow().fetchedAt())
        .isEqualTo(lastUse.plus(IN_USE));
  }

  @Test
  default void domainThatIsMailedAgainShouldBeDueAtOnceInAllItsSlots() {
    Server server = server();
    KnownPolicy policy = kept(server, "a.example");
    KnownPolicy draft = draft("a.example", Standing.CONFIRMED, YEAR, clock().instant());
    server.policies.put(draft);
    kept(server, "b.example");
    clock().advance(IN_USE.plusSeconds(1));
    assertThat(claim(server)).isEmpty();

    server.refreshes.used(List.of(name("a.example")), clock().instant());

    assertThat(claim(server)).containsExactlyInAnyOrder(policy, draft);
  }

  @Test
  default void useShouldKeepADomainInUseAndNotMoveItsRefresh() {
    Server server = server();
    KnownPolicy policy = kept(server, "a.example");
    server.refreshes.reschedule(policy, clock().instant().plus(DAY.multipliedBy(20)));
    clock().advance(DAY.multipliedBy(13));

    server.refreshes.used(List.of(name("a.example"), name("unknown.example")), clock().instant());

    assertThat(claim(server)).isEmpty();
    clock().advance(DAY.multipliedBy(7));
    assertThat(claim(server)).containsExactly(policy);
  }

  @Test
  default void useOfManyDomainsShouldBeNotedOfAll() {
    Server server = server();
    List<DomainName> domains =
        IntStream.range(0, 1_100).mapToObj(i -> name("d" + i + ".example")).toList();
    KnownPolicy first = kept(server, "d0.example");
    KnownPolicy middle = kept(server, "d500.example");
    KnownPolicy last = kept(server, "d1099.example");
    clock().advance(IN_USE);

    server.refreshes.used(domains, clock().instant());

    clock().advance(DAY);
    assertThat(claim(server)).containsExactlyInAnyOrder(first, middle, last);
  }

  @Test
  default void domainsOutOfUseShouldNotBeInTheWayOfOthers() {
    Server server = server();
    for (int i = 0; i < 30; i++) {
      kept(server, "old" + i + ".example");
    }
    clock().advance(IN_USE);
    KnownPolicy inUse = kept(server, "a.example");
    clock().advance(DAY);

    assertThat(server.refreshes.claim(clock().instant(), 1, LEASE)).containsExactly(inUse);
  }

  @Test
  default void rowThatDoesNotReadAsAPolicyShouldNotBeInTheWayOfOthers() throws SQLException {
    Server server = server();
    kept(server, "bad.example");
    clock().advance(Duration.ofHours(3));
    KnownPolicy good = kept(server, "good.example");
    sql("UPDATE sts_policy SET body = CAST('ab' AS BYTEA) WHERE domain = 'bad.example'");
    clock().advance(DAY);

    assertThat(server.refreshes.claim(clock().instant(), 1, LEASE)).containsExactly(good);
  }

  @Test
  default void expiringSoonShouldCountWhatIsInUseAndNearItsEnd() {
    Server server = server();
    Instant now = clock().instant();
    long day = DAY.toSeconds();
    server.policies.put(policy("near.example", "1", 4 * day, now));
    server.policies.put(draft("near.example", Standing.CONFIRMED, 4 * day, now));
    server.policies.put(none("none.example", 4 * day, now));
    server.policies.put(policy("expired.example", "1", 3 * day, now));
    server.policies.put(policy("far.example", "1", 5 * day, now));

    clock().advance(DAY.multipliedBy(3).minusNanos(1_000));
    assertThat(server.refreshes.expiringSoon(clock().instant())).as("the 3 days").isEqualTo(1);
    clock().advance(Duration.ofNanos(1_000));
    assertThat(server.refreshes.expiringSoon(clock().instant())).as("the 4 days").isEqualTo(2);
    clock().advance(DAY);
    assertThat(server.refreshes.expiringSoon(clock().instant())).as("the 5 days").isEqualTo(1);
  }

  @Test
  default void expiringSoonShouldNotCountWhatNobodyMails() {
    Server server = server();
    server.policies.put(policy("a.example", "1", 16 * DAY.toSeconds(), clock().instant()));
    clock().advance(IN_USE);
    assertThat(server.refreshes.expiringSoon(clock().instant())).isEqualTo(1);

    clock().advance(Duration.ofSeconds(1));

    assertThat(server.refreshes.expiringSoon(clock().instant())).isZero();
  }

  @Test
  default void scheduleWithoutDatabaseShouldHaveNothingDue() {
    Server server = serverWithoutDatabase();
    KnownPolicy policy = kept(server, "a.example");
    clock().advance(DAY);

    assertThat(claim(server)).isEmpty();
    assertThat(server.refreshes.expiringSoon(clock().instant())).isZero();
    server.refreshes.used(List.of(policy.domain()), clock().instant());
    server.refreshes.reschedule(policy, clock().instant());
  }
}
