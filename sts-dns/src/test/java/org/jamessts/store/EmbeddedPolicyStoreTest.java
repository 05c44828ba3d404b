package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.allOf;
import static org.jamessts.testing.SamplePolicies.name;
import static org.jamessts.testing.SamplePolicies.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guards;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyStoreContract;
import org.jamessts.policy.Slot;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedPolicyStoreTest implements PolicyStoreContract {

  private static final StoreCalls.Patience QUICK =
      new StoreCalls.Patience(
          Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMillis(200));

  /**
   * A space, and a letter beyond ASCII where the JVM can write one: in the POSIX locale it cannot.
   */
  private static final String UNUSUAL_NAME =
      Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode('ä')
          ? "some vär"
          : "some var";

  @TempDir Path root;
  private final SettableClock clock = new SettableClock();
  private final List<Stores> stores = new ArrayList<>();

  @Override
  public JdbcPolicyStore store() {
    return stores.isEmpty() ? open() : current().jdbcPolicies();
  }

  private Stores current() {
    return stores.get(stores.size() - 1);
  }

  @Override
  public SettableClock clock() {
    return clock;
  }

  private Path directory() {
    return root.resolve(UNUSUAL_NAME).resolve("sts");
  }

  private JdbcPolicyStore open() {
    return open(new EmbeddedDatabase(directory(), clock));
  }

  private JdbcPolicyStore open(Database database) {
    stores.add(new Stores(database, 100, clock, QUICK, Guards.ALL));
    return current().jdbcPolicies();
  }

  private JdbcPolicyStore reopen() {
    current().close();
    return open();
  }

  @AfterEach
  void close() {
    stores.forEach(Stores::close);
  }

  @Test
  void nothingShouldBeTouchedBeforeTheFirstCall() {
    open();

    assertThat(root).isEmptyDirectory();
  }

  @Test
  @Rule(value = "RFC 8461 S14", in = JdbcPolicyStore.class)
  void restartShouldKeepEveryPolicy() {
    List<KnownPolicy> policies = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      policies.add(policy("d" + i + ".example", clock.instant()));
      assertThat(store().put(policies.get(i))).isTrue();
    }

    JdbcPolicyStore restarted = reopen();

    assertThat(allOf(restarted)).containsExactlyInAnyOrderElementsOf(policies);
    assertThat(restarted.trouble()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S14", in = JdbcPolicyStore.class)
  void fullMemoryShouldStillTakeANewerPolicyOfAKnownDomainWhileTheDatabaseFails() throws Exception {
    FailingDatabase database = new FailingDatabase(new EmbeddedDatabase(directory(), clock));
    JdbcPolicyStore store = open(database);
    store.put(policy("known.example", "1", 604_800, clock.instant()));
    database.fail(FailingDatabase.Failure.WRITES);
    for (int i = 0; i < 200; i++) {
      store.put(policy("flood" + i + ".example", clock.instant()));
    }
    clock.advance(Duration.ofMinutes(1));
    KnownPolicy newer = policy("known.example", "2", 604_800, clock.instant());

    assertThat(store.put(newer)).isTrue();
    assertThat(store.get(Slot.MTA_STS, name("known.example"))).contains(newer);

    database.fail(FailingDatabase.Failure.NONE);
    store.recover();
    assertThat(store.isSaved(newer)).isTrue();
    database.closeForGood();
  }

  @Test
  void killedProcessShouldLoseNothingThatItKept() throws Exception {
    assertNothingIsLost(startWriter(0), 700);
  }

  /** H2 by itself does not find the last change in space that has been used before. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void slowProcessShouldLoseNothingThatItKeptWhenItIsKilled(int policies) throws Exception {
    assertNothingIsLost(startWriter(150), policies);
  }

  private void assertNothingIsLost(Process process, int enough) throws Exception {
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (lines.size() == enough) {
          // Process.destroyForcibly() would also close the pipe, and with it the last lines.
          process.toHandle().destroyForcibly();
        }
      }
    }
    process.waitFor();

    assertThat(lines)
        .hasSizeGreaterThanOrEqualTo(enough)
        .allMatch(line -> line.startsWith("kept "));
    JdbcPolicyStore after = open();
    Set<DomainName> lost = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      KnownPolicy kept = policy(i + ".example", PolicyWriter.FETCHED_AT);
      if (!after.get(Slot.MTA_STS, kept.domain()).equals(Optional.of(kept))) {
        lost.add(kept.domain());
      }
    }
    assertThat(lost).as("lost; the store says: %s", after.trouble()).isEmpty();
    assertThat(after.trouble()).isEmpty();
  }

  @Test
  void fileInUseShouldBeLeftAloneAndUsedWhenItIsFree() throws Exception {
    Process other = startWriter(0);
    KnownPolicy mine = policy("mine.example", clock.instant());
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(other.getInputStream(), UTF_8))) {
      assertThat(reader.readLine()).isEqualTo("kept 0");

      assertThat(store().put(mine)).isTrue();
      assertThat(store().get(Slot.MTA_STS, mine.domain())).contains(mine);
      assertThat(store().trouble()).hasValueSatisfying(why -> assertThat(why).contains("in use"));
    } finally {
      other.destroyForcibly();
      other.waitFor();
    }

    awaitNoTrouble();
    assertThat(reopen().get(Slot.MTA_STS, mine.domain())).contains(mine);
    assertThat(store().get(Slot.MTA_STS, name("0.example"))).isPresent();
    assertThat(DamagedFiles.in(directory())).isEmpty();
  }

  enum Damage {
    GARBAGE {
      @Override
      byte[] of(byte[] file) {
        byte[] garbage = new byte[20_000];
        new Random(1).nextBytes(garbage);
        return garbage;
      }
    },
    CUT_IN_THE_HEADER {
      @Override
      byte[] of(byte[] file) {
        return Arrays.copyOf(file, 5_000);
      }
    },
    /** What H2 closes is tidied up: the rows lie at the beginning, the rest is free space. */
    CUT_IN_THE_ROWS {
      @Override
      byte[] of(byte[] file) {
        return Arrays.copyOf(file, 20_480);
      }
    },
    ZEROS {
      @Override
      byte[] of(byte[] file) {
        return new byte[file.length];
      }
    },
    /** H2 opens this one without a complaint, as an empty database. */
    GARBAGE_AFTER_THE_HEADER {
      @Override
      byte[] of(byte[] file) {
        byte[] garbage = new byte[file.length];
        new Random(1).nextBytes(garbage);
        System.arraycopy(file, 0, garbage, 0, 12_288);
        return garbage;
      }
    };

    abstract byte[] of(byte[] file);
  }

  @ParameterizedTest
  @EnumSource
  void damagedFileShouldBeSetAsideAndANewOneBegun(Damage damage) throws IOException {
    for (int i = 0; i < 300; i++) {
      store().put(policy("d" + i + ".example", clock.instant()));
    }
    current().close();
    Files.write(file(), damage.of(Files.readAllBytes(file())));

    JdbcPolicyStore after = open();
    KnownPolicy fresh = policy("new.example", clock.instant());

    assertThat(after.put(fresh)).isTrue();
    assertThat(DamagedFiles.in(directory()))
        .singleElement()
        .satisfies(file -> assertThat(file).isNotEmptyFile());
    assertThat(after.trouble())
        .hasValueSatisfying(why -> assertThat(why).contains("damaged").contains("damaged-2"));
    assertThat(allOf(reopen())).containsExactly(fresh);
    assertThat(store().trouble()).as("after a restart").isEmpty();
  }

  @Test
  void damageWhileInUseShouldNotLoseWhatMemoryHolds() throws Exception {
    String filler = "x-filler: " + "y".repeat(20_000) + "\n";
    for (int i = 0; i < 1_500; i++) {
      store().put(large("d" + i + ".example", filler));
    }
    KnownPolicy used = policy("used.example", clock.instant());
    store().put(used);
    byte[] file = Files.readAllBytes(file());
    Arrays.fill(file, 12_288, file.length, (byte) 'x');
    Files.write(file(), file);

    for (int i = 0; i < 1_500 && DamagedFiles.in(directory()).size() < 2; i++) {
      store().get(Slot.MTA_STS, name("d" + i + ".example"));
      Thread.sleep(1);
    }
    assertThat(DamagedFiles.in(directory()))
        .as("as it was, and when it could not be opened")
        .hasSize(2);
    assertThat(store().get(Slot.MTA_STS, used.domain())).contains(used);
    awaitSaved(used);
    assertThat(store().trouble()).hasValueSatisfying(why -> assertThat(why).contains("begun anew"));
  }

  @Test
  void expiredPoliciesShouldBeDeletedADayLater() {
    store().put(policy("short.example", "1", 60, clock.instant()));
    store().put(policy("long.example", clock.instant()));

    clock.advance(Duration.ofHours(23));
    store().deleteExpired();
    assertThat(allOf(reopen())).hasSize(2);

    clock.advance(Duration.ofHours(2));
    store().deleteExpired();
    assertThat(allOf(reopen()))
        .extracting(policy -> policy.domain().value())
        .containsExactly("long.example");
  }

  /** Else a flood of domains makes the count last so long that the database counts as broken. */
  @Test
  void countOfPoliciesNearTheirEndShouldLookAtAThousand() {
    for (int i = 0; i < 1_010; i++) {
      store().put(policy("d" + i + ".example", clock.instant()));
    }

    assertThat(current().refreshes().expiringSoon(clock.instant())).isZero();
    clock.advance(Duration.ofDays(6));
    assertThat(current().refreshes().expiringSoon(clock.instant())).isEqualTo(1_000);
    clock.advance(Duration.ofDays(1));
    assertThat(current().refreshes().expiringSoon(clock.instant())).as("all expired").isZero();
  }

  @Test
  void interruptedCallerShouldBeAnsweredAndStayInterrupted() {
    KnownPolicy policy = policy("a.example", clock.instant());
    Thread.currentThread().interrupt();
    try {
      assertThat(store().put(policy)).isTrue();
      assertThat(store().get(Slot.MTA_STS, name("b.example"))).isEmpty();
      assertThat(store().trouble()).isEmpty();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(reopen().get(Slot.MTA_STS, policy.domain())).contains(policy);
  }

  @Test
  void unusableDirectoryShouldBeTroubleAndNoMore() throws IOException {
    Files.writeString(root.resolve(UNUSUAL_NAME), "a file is in the way");
    KnownPolicy policy = policy("a.example", clock.instant());

    assertThat(store().put(policy)).isTrue();
    assertThat(store().get(Slot.MTA_STS, policy.domain())).contains(policy);
    assertThat(allOf(store())).containsExactly(policy);
    assertThat(store().trouble()).hasValueSatisfying(why -> assertThat(why).contains("directory"));
    assertThat(current().failures()).as("asked no more than once each way").isLessThanOrEqualTo(2);
  }

  @Test
  void directoryThatH2WouldMisreadShouldBeTrouble() {
    JdbcPolicyStore store = open(new EmbeddedDatabase(root.resolve("a;MODE=MySQL"), clock));

    assertThat(store.put(policy("a.example", clock.instant()))).isTrue();
    assertThat(store.trouble()).hasValueSatisfying(why -> assertThat(why).contains("semicolon"));
  }

  @Test
  void failingStoreShouldRefuseRatherThanEvict() throws IOException {
    Files.writeString(root.resolve(UNUSUAL_NAME), "a file is in the way");
    Instant now = clock.instant();
    for (int i = 0; i < 100; i++) {
      assertThat(store().put(policy("d" + i + ".example", now))).isTrue();
    }

    assertThat(store().put(policy("one-more.example", now))).isFalse();
    assertThat(store().isFull()).isTrue();
    for (int i = 0; i < 100; i++) {
      assertThat(store().get(Slot.MTA_STS, name("d" + i + ".example"))).isPresent();
    }
  }

  private KnownPolicy large(String domain, String filler) {
    KnownMtaStsPolicy small = policy(domain, clock.instant());
    return new KnownMtaStsPolicy(
        small.domain(),
        small.id(),
        new StsPolicy(
            small.policy().mode(),
            small.policy().mx(),
            small.policy().maxAge(),
            small.policy().text() + filler),
        small.fetchedAt());
  }

  private void awaitNoTrouble() throws InterruptedException {
    while (store().trouble().isPresent()) {
      Thread.sleep(20);
    }
  }

  /** The memory of a store that is just opened is empty. */
  private void awaitSaved(KnownPolicy policy) throws InterruptedException {
    while (!store().isSaved(policy)) {
      Thread.sleep(20);
    }
  }

  private Path file() {
    return directory().resolve("sts.mv.db");
  }

  private Process startWriter(int pauseMillis) throws IOException {
    return new ProcessBuilder(
            Path.of(requireNonNull(System.getProperty("java.home")), "bin", "java").toString(),
            "-cp",
            requireNonNull(System.getProperty("java.class.path")),
            PolicyWriter.class.getName(),
            directory().toString(),
            Integer.toString(pauseMillis))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
