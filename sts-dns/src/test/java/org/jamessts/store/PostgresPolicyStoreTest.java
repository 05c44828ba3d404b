package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.allOf;
import static org.jamessts.testing.SamplePolicies.name;
import static org.jamessts.testing.SamplePolicies.policy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jamessts.guard.Guards;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyStoreContract;
import org.jamessts.policy.Slot;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PostgresPolicyStoreTest implements PolicyStoreContract {

  private static final StoreCalls.Patience QUICK =
      new StoreCalls.Patience(
          Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofMillis(200));

  private static TestPostgres postgres;

  private final SettableClock clock = new SettableClock();
  private final List<Stores> stores = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    postgres = TestPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    postgres.empty();
  }

  @AfterEach
  void close() {
    stores.forEach(Stores::close);
  }

  @Override
  public JdbcPolicyStore store() {
    return stores.isEmpty() ? open(postgres) : stores.get(0).jdbcPolicies();
  }

  @Override
  public SettableClock clock() {
    return clock;
  }

  private JdbcPolicyStore open(TestPostgres server) {
    return open(server.place());
  }

  private JdbcPolicyStore open(PostgresServer server) {
    Stores opened = new Stores(new PostgresDatabase(server), 100, clock, QUICK, Guards.ALL);
    stores.add(opened);
    return opened.jdbcPolicies();
  }

  @Test
  void theLatestFetchShouldWinBetweenTwoServers() throws Exception {
    JdbcPolicyStore first = open(postgres);
    JdbcPolicyStore second = open(postgres);
    Instant start = clock.instant();
    List<Integer> versions = new ArrayList<>();
    for (int version = 0; version < 400; version++) {
      versions.add(version);
    }
    Collections.shuffle(versions, new Random(23));

    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Boolean>> puts = new ArrayList<>();
    for (int version : versions) {
      KnownPolicy policy =
          policy("d" + version % 5 + ".example", "v" + version, 60, start.plusMillis(version));
      puts.add(threads.submit(() -> (version % 2 == 0 ? first : second).put(policy)));
    }
    for (Future<Boolean> put : puts) {
      assertThat(put.get()).isTrue();
    }
    threads.shutdown();

    assertThat(allOf(open(postgres)))
        .extracting(KnownPolicy::id)
        .containsExactly("v395", "v396", "v397", "v398", "v399");
  }

  @Test
  void aLaterFetchShouldWinOverAnInsertionThatWasFaster() throws Exception {
    assertThat(store().get(Slot.MTA_STS, name("a.example"))).isEmpty();
    KnownPolicy older = policy("a.example", clock.instant());
    clock.advance(Duration.ofSeconds(1));
    KnownPolicy newer = policy("a.example", "2", 60, clock.instant());
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection connection = postgres.connect()) {
      connection.setAutoCommit(false);
      PolicyTable.save(connection, older, Guards.ALL);
      Future<Boolean> put = thread.submit(() -> store().put(newer));
      awaitSomebodyWaiting();
      connection.commit();
      assertThat(put.get()).isTrue();
    } finally {
      thread.shutdown();
    }

    assertThat(open(postgres).get(Slot.MTA_STS, newer.domain())).contains(newer);
  }

  @Test
  void serversThatStartTogetherShouldMakeTheTablesOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    CountDownLatch together = new CountDownLatch(1);
    List<Future<Boolean>> starts = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      JdbcPolicyStore store = open(postgres);
      KnownPolicy policy = policy("d" + i + ".example", clock.instant());
      starts.add(
          threads.submit(
              () -> {
                together.await();
                return store.put(policy) && store.trouble().isEmpty();
              }));
    }
    together.countDown();
    for (Future<Boolean> start : starts) {
      assertThat(start.get()).isTrue();
    }
    threads.shutdown();

    assertThat(allOf(open(postgres))).hasSize(6);
  }

  @Test
  void policyThatAnotherServerFetchedShouldBeFoundWhenOnesOwnHasExpired() {
    JdbcPolicyStore first = open(postgres);
    JdbcPolicyStore second = open(postgres);
    first.put(policy("a.example", "1", 60, clock.instant()));
    clock.advance(Duration.ofSeconds(50));
    KnownPolicy renewed = policy("a.example", "1", 60, clock.instant());
    second.put(renewed);
    clock.advance(Duration.ofSeconds(20));

    assertThat(first.get(Slot.MTA_STS, renewed.domain())).contains(renewed);
  }

  @Test
  void databaseThatHangsShouldNotHangTheCaller() throws Exception {
    KnownPolicy known = policy("known.example", clock.instant());
    KnownPolicy fresh = policy("new.example", clock.instant());
    store().put(known);

    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE sts_policy IN ACCESS EXCLUSIVE MODE");
      long start = System.nanoTime();

      assertThat(store().put(fresh)).isTrue();
      assertThat(store().get(Slot.MTA_STS, name("unknown.example"))).isEmpty();
      for (int i = 0; i < 50; i++) {
        assertThat(store().get(Slot.MTA_STS, known.domain())).contains(known);
        assertThat(store().get(Slot.MTA_STS, fresh.domain())).contains(fresh);
        assertThat(store().get(Slot.MTA_STS, name("unknown" + i + ".example"))).isEmpty();
      }

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
      assertThat(store().trouble())
          .hasValueSatisfying(why -> assertThat(why).contains("did not answer within"));
      connection.rollback();
    }
    awaitNoTrouble();
    assertThat(open(postgres).get(Slot.MTA_STS, fresh.domain())).contains(fresh);
  }

  @Test
  void databaseThatStopsShouldTakeNoAnswerAwayAndGetWhatItMissed(@TempDir Path directory)
      throws Exception {
    KnownPolicy before = policy("before.example", clock.instant());
    KnownPolicy during = policy("during.example", clock.instant());
    EmbeddedPostgres server = persistent(directory).start();
    int port = server.getPort();
    JdbcPolicyStore store = open(TestPostgres.placeAt(port));
    assertThat(store.put(before)).isTrue();

    server.close();
    assertThat(store.put(during)).isTrue();
    assertThat(store.get(Slot.MTA_STS, before.domain())).contains(before);
    assertThat(store.get(Slot.MTA_STS, during.domain())).contains(during);
    assertThat(allOf(store)).containsExactlyInAnyOrder(before, during);
    assertThat(store.trouble()).isPresent();

    try (EmbeddedPostgres again = persistent(directory).setPort(port).start()) {
      while (store.trouble().isPresent()) {
        Thread.sleep(50);
      }
      JdbcPolicyStore other = open(TestPostgres.placeAt(again.getPort()));
      assertThat(allOf(other)).containsExactlyInAnyOrder(before, during);
    }
  }

  private static EmbeddedPostgres.Builder persistent(Path directory) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(directory.resolve("data"))
        .setCleanDataDirectory(false);
  }

  @Test
  void rowThatDoesNotReadAsAPolicyShouldCountAsNotThere() throws SQLException {
    store().put(policy("good.example", clock.instant()));
    try (Connection connection = postgres.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO sts_policy SELECT 'bad.example', id, 'version: STSv1'::bytea,"
                    + " fetched_at, expires_at FROM sts_policy")) {
      insert.executeUpdate();
    }

    assertThat(store().get(Slot.MTA_STS, name("bad.example"))).isEmpty();
    assertThat(allOf(store())).hasSize(1);
    assertThat(store().trouble()).isEmpty();
  }

  @Test
  void expiryThatIsPutOffDuringTheDeletionShouldCount() throws Exception {
    KnownPolicy old = policy("a.example", "1", 60, clock.instant());
    store().put(old);
    clock.advance(Duration.ofDays(3));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection connection = postgres.connect();
        PreparedStatement update =
            connection.prepareStatement("UPDATE sts_policy SET expires_at = ?")) {
      connection.setAutoCommit(false);
      update.setObject(1, clock.instant().plusSeconds(60).atOffset(ZoneOffset.UTC));
      update.executeUpdate();
      Future<?> deletion = thread.submit(store()::deleteExpired);
      awaitSomebodyWaiting();
      connection.commit();
      deletion.get();
    } finally {
      thread.shutdown();
    }

    assertThat(allOf(store())).hasSize(1);
  }

  @Test
  void tablesOfANewerVersionShouldBeLeftAlone() throws SQLException {
    store().put(policy("a.example", clock.instant()));
    postgres.execute("INSERT INTO sts_schema VALUES (999, CURRENT_TIMESTAMP)");

    JdbcPolicyStore older = open(postgres);

    assertThat(older.get(Slot.MTA_STS, name("a.example"))).isEmpty();
    assertThat(older.trouble())
        .hasValueSatisfying(why -> assertThat(why).contains("version 999").contains("newer"));
  }

  @Test
  void userWithoutTheRightToMakeTablesShouldDoWhereTheyAreThere() throws SQLException {
    KnownPolicy policy = policy("a.example", clock.instant());
    store().put(policy);
    postgres.execute("DROP ROLE IF EXISTS sts_plain");
    postgres.execute("CREATE ROLE sts_plain LOGIN");
    postgres.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON sts_policy, sts_policy_past, sts_schema TO sts_plain");
    String url = postgres.place().url();

    JdbcPolicyStore plain = open(new PostgresServer(url, "sts_plain", ""));

    assertThat(plain.get(Slot.MTA_STS, policy.domain())).contains(policy);
    assertThat(plain.put(policy("b.example", clock.instant()))).isTrue();
    assertThat(plain.trouble()).isEmpty();
    stores.forEach(Stores::close);
    postgres.execute("DROP OWNED BY sts_plain");
    postgres.execute("DROP ROLE sts_plain");
  }

  @Test
  void noMessageShouldShowThePassword() {
    for (String url :
        List.of(
            "jdbc:postgresql://127.0.0.1:port/x?password=geheim",
            "jdbc:postgresql://127.0.0.1:1/x?password=geheim")) {
      PostgresServer server = new PostgresServer(url, "james", "geheim2");
      JdbcPolicyStore store = open(server);

      assertThat(store.get(Slot.MTA_STS, name("a.example"))).isEmpty();
      assertThat(store.trouble())
          .hasValueSatisfying(why -> assertThat(why).doesNotContain("geheim"));
    }
    assertThat(new PostgresServer("jdbc:postgresql:x", "james", "geheim").toString())
        .doesNotContain("geheim");
  }

  private static void awaitSomebodyWaiting() throws Exception {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      boolean waiting = false;
      while (!waiting) {
        try (var result =
            statement.executeQuery(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
          waiting = result.next() && result.getInt(1) > 0;
        }
        Thread.sleep(10);
      }
    }
  }

  private void awaitNoTrouble() throws InterruptedException {
    while (store().trouble().isPresent()) {
      Thread.sleep(20);
    }
  }
}
