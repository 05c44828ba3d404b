package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The durable James is killed over and over, at chosen points and random moments, while mails come
 * in, go out and wait. Every mail that it accepted must arrive. A mail may arrive once more for
 * each kill that found it under way; one that was settled before never again.
 *
 * <p>{@code -Dsts.kill.cycles=50} kills more often, {@code -Dsts.kill.seed=7} at other moments.
 */
class KillLoopIT {

  private static final int CYCLES = Integer.getInteger("sts.kill.cycles", 3);
  private static final long SEED = Long.getLong("sts.kill.seed", 1);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Mail on its way from one queue to the next may escape a look at both, but not many looks. */
  private static final Duration IDLE = Duration.ofSeconds(2);

  private static final int MOST_MILLIS_BEFORE_A_KILL = 100;

  /** To a destination of which nothing is known, as many mails are under way at once. */
  private static final int MOST_MAILS_BEFORE_A_KILL = 2;

  /** Takes every mail at once. */
  private static final String QUICK = "quick.test";

  /** Takes mails, and in some cycles says nothing after the final dot. */
  private static final String SILENT = "silent.test";

  /** Refuses every recipient once, for now. */
  private static final String LATER = "later.test";

  /** Where a deferred mail waits. */
  enum Waiting {
    IN_THE_QUEUE,
    IN_THE_STORE;

    String mailetContainer(String sample) {
      String quick =
          sample.replaceFirst("<delayTime>.*</delayTime>", "<delayTime>1 second</delayTime>");
      return this == IN_THE_QUEUE
          ? quick.replaceFirst("<deferProcessor>.*</deferProcessor>", "")
          : quick;
    }
  }

  /** What James is doing when it is killed. */
  private enum Moment {
    /** It takes mails: some clients wait for its reply. */
    INJECTING,
    /** It waits for replies to the final dot. */
    DELIVERING,
    /** It has just been told to come again later. */
    DEFERRING,
    /** Nothing: every mail has arrived, and the queues are empty. */
    SETTLED
  }

  @TempDir Path directory;
  final PrivateInternet internet = new PrivateInternet();
  final Random random = new Random(SEED);
  final Set<String> accepted = new HashSet<>();
  final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();

  /** How often each mail that is not settled may arrive. */
  final Map<String, Long> allowed = new HashMap<>();

  /** How often each settled mail has arrived. */
  final Map<String, Long> settled = new HashMap<>();

  @AfterEach
  void close() {
    internet.close();
  }

  @ParameterizedTest
  @EnumSource
  void noAcceptedMailShouldBeLostWhenJamesIsKilled(Waiting waiting) throws Exception {
    JamesLauncher launcher = launcher(Installation.durableOfBuild(Path.of("")), waiting);

    for (int cycle = 0; cycle < CYCLES; cycle++) {
      try (JamesProcess james = launcher.start()) {
        live(james, Moment.values()[cycle % Moment.values().length], cycle);
      }
    }
    try (JamesProcess james = launcher.start()) {
      settle(james);
    }

    try (Stream<Path> files = Files.walk(directory.resolve("var/mail"))) {
      assertThat(files.filter(Files::isRegularFile)).as("mails that nobody could handle").isEmpty();
    }
    System.out.printf(
        "%s: %d kills, %d mails accepted, none lost, %d of them arrived more than once%n",
        waiting,
        CYCLES,
        accepted.size(),
        arrivals().values().stream().filter(times -> times > 1).count());
  }

  /** Else the test above would prove nothing. */
  @Test
  void lossShouldBeSeenWhereTheQueuesAreInMemory() throws Exception {
    JamesLauncher launcher = launcher(Installation.ofBuild(Path.of("")), Waiting.IN_THE_QUEUE);
    try (JamesProcess james = launcher.start()) {
      live(james, Moment.DEFERRING, 0);
    }

    try (JamesProcess james = launcher.start()) {
      awaitIdle(james);
    }

    assertThat(lost()).isNotEmpty();
  }

  private JamesLauncher launcher(Installation installation, Waiting waiting) throws IOException {
    for (String domain : List.of(QUICK, SILENT, LATER)) {
      internet.goodMx(domain, 10, "mx." + domain);
    }
    internet
        .server("mx." + LATER)
        .effects(new SmtpEffect.ReplyToRecipient(refusedOnce::add, "451 4.2.0 come again"));
    return installation
        .assemble(directory, internet)
        .edit("mailetcontainer.xml", waiting::mailetContainer);
  }

  /** From a start to a kill. */
  private void live(JamesProcess james, Moment moment, int cycle) throws Exception {
    Injection injection = new Injection(james, List.of(QUICK, SILENT, LATER), "c" + cycle);
    int refusedBefore = refusedOnce.size();
    int silentBefore = internet.server("mx." + SILENT).transactionCount();
    if (moment == Moment.DELIVERING) {
      internet.server("mx." + SILENT).effects(new SmtpEffect.Silence(Stage.FINAL_DOT));
    }
    injection.start();
    int enough = 1 + random.nextInt(MOST_MAILS_BEFORE_A_KILL);
    switch (moment) {
      case INJECTING -> await(() -> injection.accepted().size() >= 4 * enough);
      case DELIVERING ->
          await(() -> internet.server("mx." + SILENT).transactionCount() >= silentBefore + enough);
      case DEFERRING -> await(() -> refusedOnce.size() >= refusedBefore + enough);
      case SETTLED -> {
        injection.await();
        note(injection);
        settle(james);
      }
    }
    Thread.sleep(random.nextInt(MOST_MILLIS_BEFORE_A_KILL)); // any moment will do
    james.kill();
    injection.await();
    internet.server("mx." + SILENT).effects();
    note(injection);
    allowed.replaceAll((mail, times) -> times + 1);
  }

  private void note(Injection injection) {
    accepted.addAll(injection.accepted());
    injection.submitted().stream()
        .filter(mail -> !settled.containsKey(mail))
        .forEach(mail -> allowed.putIfAbsent(mail, 1L));
  }

  /** Waits until James has nothing left to do, and judges what has become of the mails. */
  private void settle(JamesProcess james) throws Exception {
    awaitIdle(james);
    Map<String, Long> arrivals = arrivals();
    assertThat(lost()).as("lost mails, seed %d", SEED).isEmpty();
    assertThat(arrivals).as("mails that were settled before").containsAllEntriesOf(settled);
    assertThat(arrivals)
        .allSatisfy(
            (mail, times) ->
                assertThat(times)
                    .as("%s, seed %d", mail, SEED)
                    .isLessThanOrEqualTo(
                        allowed.getOrDefault(mail, settled.getOrDefault(mail, 0L))));
    settled.putAll(arrivals);
    allowed.clear();
  }

  /** Waits until nothing is left that James knows of. */
  private static void awaitIdle(JamesProcess james) throws Exception {
    long[] busy = {System.nanoTime()};
    await(
        () -> {
          if (!isIdle(james)) {
            busy[0] = System.nanoTime();
          }
          return System.nanoTime() - busy[0] > IDLE.toNanos();
        });
  }

  private static boolean isIdle(JamesProcess james) throws IOException {
    return isEmpty(james, "spool")
        && isEmpty(james, "outgoing")
        && james.get("/sts/deferred").equals("[]");
  }

  /** Accepted mails that did not arrive. */
  private Set<String> lost() {
    Set<String> lost = new HashSet<>(accepted);
    lost.removeAll(arrivals().keySet());
    return lost;
  }

  /** How often each mail was received, by its recipient. */
  private Map<String, Long> arrivals() {
    return Stream.of(QUICK, SILENT, LATER)
        .flatMap(domain -> internet.server("mx." + domain).transactions().stream())
        .map(ReceivedMail::recipients)
        .flatMap(List::stream)
        .collect(Collectors.groupingBy(recipient -> recipient, Collectors.counting()));
  }

  private static boolean isEmpty(JamesProcess james, String queue) throws IOException {
    return james.get("/mailQueues/" + queue).contains("\"size\":0");
  }

  /** Looks again and again: neither a server in the middle of a conversation nor webadmin calls. */
  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call() && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertThat(condition.call()).as("in time").isTrue();
  }
}
