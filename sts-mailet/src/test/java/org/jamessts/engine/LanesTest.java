package org.jamessts.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jamessts.threads.DaemonThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LanesTest {

  private static final Executor THREADS = DaemonThreads.perTask("lanes-test");
  private static final long SECONDS = 30;

  /** What holds up the works that hang. */
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    release.countDown();
  }

  /** A piece of work that remembers what became of it. */
  private static class Recorded implements Lanes.Work {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private volatile String end = "";
    private volatile Duration expected = Duration.ZERO;

    void act() throws InterruptedException {}

    @Override
    public void run() {
      begun.countDown();
      try {
        act();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      ends("ran");
    }

    @Override
    public void turnAway(Duration time) {
      expected = time;
      ends("turned away");
    }

    @Override
    public void handBack() {
      ends("handed back");
    }

    private void ends(String how) {
      end = how;
      calls.incrementAndGet();
      over.countDown();
    }

    String end() throws InterruptedException {
      assertThat(over.await(SECONDS, TimeUnit.SECONDS)).as("came to an end").isTrue();
      return end;
    }

    boolean hasBegun() throws InterruptedException {
      return begun.await(SECONDS, TimeUnit.SECONDS);
    }
  }

  private Recorded hanging() {
    return new Recorded() {
      @Override
      void act() throws InterruptedException {
        assertThat(release.await(SECONDS * 2, TimeUnit.SECONDS)).isTrue();
      }
    };
  }

  private static Recorded lasting(long millis) {
    return new Recorded() {
      @Override
      void act() throws InterruptedException {
        Thread.sleep(millis);
      }
    };
  }

  private static List<Recorded> fill(
      Lanes<String> lanes, String lane, int count, Supplier<Recorded> work) {
    List<Recorded> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Recorded one = work.get();
      lanes.submit(lane, one);
      all.add(one);
    }
    return all;
  }

  @Test
  void aGoodLaneShouldWorkOnWhenManyBadOnesHang() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(20, 500, 500), Duration.ZERO, THREADS);
    for (int i = 0; i < 20; i++) {
      fill(lanes, "tarpit" + i, 100, this::hanging);
    }

    long ran = 0;
    for (Recorded work : fill(lanes, "good", 200, () -> lasting(0))) {
      ran += work.end().equals("ran") ? 1 : 0;
    }
    // A few may come before anybody knows that this lane is a good one.
    assertThat(ran).isGreaterThan(150);
  }

  /** How many of 100 works of each lane, which last so long, are under way together at most. */
  private static int mostAtOnce(Lanes<String> lanes, int count, long millis) throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Supplier<Recorded> work =
        () ->
            new Recorded() {
              @Override
              void act() throws InterruptedException {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.sleep(millis);
                running.decrementAndGet();
              }
            };
    List<Recorded> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      for (int lane = 0; lane < count; lane++) {
        all.addAll(fill(lanes, "lane" + lane, 1, work));
      }
    }
    for (Recorded one : all) {
      assertThat(one.end()).isEqualTo("ran");
    }
    return most.get();
  }

  private static int mostAtOnce(Lanes<String> lanes, long millis) throws Exception {
    return mostAtOnce(lanes, 1, millis);
  }

  /** A fifth may be left of those that came before anything was known. */
  @Test
  void aLaneWhoseWorkIsSoonDoneShouldHaveFewAtOnce() throws Exception {
    Lanes.Limits limits = new Lanes.Limits(20, 500, 500);

    assertThat(mostAtOnce(new Lanes<>(limits, Duration.ofSeconds(1), THREADS), 5)).isBetween(4, 5);
  }

  @Test
  void manyLanesWhoseWorkIsSoonDoneShouldHaveFewAtOnceTogether() throws Exception {
    Lanes<String> lanes =
        new Lanes<>(new Lanes.Limits(20, 500, 500), Duration.ofSeconds(1), THREADS);
    for (int i = 0; i < 20; i++) {
      assertThat(fill(lanes, "lane" + i, 1, () -> lasting(5)).get(0).end()).isEqualTo("ran");
    }

    assertThat(mostAtOnce(lanes, 20, 5)).isEqualTo(4);
  }

  /** Though they were so quick that four of them had been enough for this machine. */
  @Test
  void lanesThatBeginToHangShouldNotHoldUpOthers() throws Exception {
    Lanes<String> lanes =
        new Lanes<>(new Lanes.Limits(20, 500, 500), Duration.ofSeconds(1), THREADS);
    for (String lane : List.of("a", "b", "good")) {
      assertThat(fill(lanes, lane, 1, () -> lasting(5)).get(0).end()).isEqualTo("ran");
    }
    for (Recorded hangs : fill(lanes, "a", 2, this::hanging)) {
      assertThat(hangs.hasBegun()).isTrue();
    }
    for (Recorded hangs : fill(lanes, "b", 2, this::hanging)) {
      assertThat(hangs.hasBegun()).isTrue();
    }

    Recorded next = lasting(5);
    lanes.submit("good", next);

    assertThat(next.end()).isEqualTo("ran");
    assertThat(mostAtOnce(lanes, 5)).isBetween(4, 5);
  }

  /** Such a lane never looks slow, and what hangs claims as much as what does not. */
  @Test
  void lanesInWhichEachFourthHangsShouldNotHoldUpOthers() throws Exception {
    Lanes<String> lanes =
        new Lanes<>(new Lanes.Limits(20, 500, 500), Duration.ofSeconds(1), THREADS);
    for (int lane = 0; lane < 10; lane++) {
      AtomicInteger number = new AtomicInteger();
      fill(
          lanes,
          "mixed" + lane,
          40,
          () -> number.incrementAndGet() % 4 == 0 ? hanging() : lasting(1));
    }

    int ran = 0;
    for (Recorded work : fill(lanes, "good", 200, () -> lasting(1))) {
      ran += work.end().equals("ran") ? 1 : 0;
    }
    assertThat(ran).isGreaterThan(150);
  }

  @Test
  void aLaneWhoseWorkWaitsLongForOthersShouldHaveMany() throws Exception {
    Lanes.Limits limits = new Lanes.Limits(20, 500, 500);

    assertThat(mostAtOnce(new Lanes<>(limits, Duration.ofMillis(5), THREADS), 50)).isGreaterThan(8);
  }

  /** A host that refuses one mail at once must not slow down all that come after it. */
  @Test
  void aLaneShouldHaveItsPlacesBackSoonAfterOneEndInAHurry() throws Exception {
    Lanes<String> lanes =
        new Lanes<>(new Lanes.Limits(20, 500, 500), Duration.ofMillis(1), THREADS);
    assertThat(fill(lanes, "lane0", 1, () -> lasting(0)).get(0).end()).isEqualTo("ran");

    assertThat(mostAtOnce(lanes, 50)).isGreaterThan(8);
  }

  /** A process may have no more threads, for a while. */
  @Test
  void workThatGetsNoThreadShouldBeTurnedAwayAndLeaveItsPlace() throws Exception {
    AtomicInteger failing = new AtomicInteger(3);
    Executor scarce =
        task -> {
          if (failing.getAndDecrement() > 0) {
            throw new OutOfMemoryError("thrown by a test");
          }
          THREADS.execute(task);
        };
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(2, 2, 10), Duration.ZERO, scarce);

    for (Recorded work : fill(lanes, "lane", 3, () -> lasting(0))) {
      assertThat(work.end()).isEqualTo("turned away");
      assertThat(work.calls).hasValue(1);
    }
    assertThat(lanes.running()).isZero();
    for (int i = 0; i < 5; i++) {
      assertThat(fill(lanes, "lane", 1, () -> lasting(0)).get(0).end()).isEqualTo("ran");
    }
    assertThat(lanes.waiting()).isZero();
  }

  /** As much as a queue of half a million mails, with the only good ones at its end. */
  @Test
  void tarpitsAndTheirBacklogShouldNotKeepAGoodLaneFromItsWork() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(20, 1_000, 1_000), Duration.ZERO, THREADS);
    AtomicInteger turnedAway = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      for (int j = 0; j < 10_000; j++) {
        lanes.submit(
            "tarpit" + i,
            new Lanes.Work() {
              @Override
              public void run() {
                try {
                  assertThat(release.await(SECONDS * 2, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }

              @Override
              public void turnAway(Duration time) {
                turnedAway.incrementAndGet();
              }

              @Override
              public void handBack() {}
            });
      }
    }
    assertThat(lanes.running()).as("held by tarpits").isLessThanOrEqualTo(100);

    fill(lanes, "good", 2, () -> lasting(0)).get(0).end();
    for (Recorded work : fill(lanes, "good", 500, () -> lasting(1))) {
      assertThat(work.end()).isEqualTo("ran");
    }
    assertThat(turnedAway.get()).isGreaterThan(490_000);
  }

  /** An unproven lane may begin with 2, or with the same part of them that is left of all. */
  @Test
  void lanesInWhichAllHangsShouldLeaveMostToOthers() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(20, 8, 100), Duration.ZERO, THREADS);
    for (int i = 0; i < 3; i++) {
      fill(lanes, "hog" + i, 10, this::hanging);
    }
    assertThat(lanes.running()).isEqualTo(5);

    for (int i = 0; i < 2; i++) {
      Recorded other = hanging();
      lanes.submit("other" + i, other);
      assertThat(other.hasBegun()).isTrue();
    }
  }

  @Test
  void aLaneThatWorksShouldGetMoreAtOnce() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(20, 1_000, 1_000), Duration.ZERO, THREADS);
    List<Recorded> quick = fill(lanes, "lane", 2, () -> lasting(300));
    fill(lanes, "lane", 100, this::hanging);
    assertThat(lanes.running()).isEqualTo(2);

    for (Recorded work : quick) {
      work.end();
    }

    // One more for each that ended.
    for (int i = 0; i < 1_000 && lanes.running() != 4; i++) {
      Thread.sleep(10);
    }
    assertThat(lanes.running()).isEqualTo(4);
  }

  @Test
  void whatASlowLaneHasNoPlaceForShouldBeTurnedAwayEachToALaterTime() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(2, 10, 8), Duration.ZERO, THREADS);
    fill(lanes, "slow", 2, () -> lasting(1_000));
    Thread.sleep(1_500);
    List<Recorded> away = new ArrayList<>();
    for (Recorded work : fill(lanes, "slow", 40, this::hanging)) {
      if (work.begun.getCount() > 0 && work.over.await(100, TimeUnit.MILLISECONDS)) {
        away.add(work);
      }
    }

    assertThat(away).hasSizeGreaterThan(20);
    assertThat(away.stream().map(work -> work.end).distinct()).containsExactly("turned away");
    List<Duration> times = away.stream().map(work -> work.expected).toList();
    assertThat(times).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aQuickLaneThatIsFullShouldBeWaitedFor() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(20, 20, 30), Duration.ZERO, THREADS);
    List<Recorded> first = fill(lanes, "quick", 20, () -> lasting(1));
    for (Recorded work : first) {
      work.end();
    }
    // The lane is forgotten when it is idle: one that stays keeps it.
    Recorded staying = hanging();
    lanes.submit("quick", staying);
    fill(lanes, "quick", 20, () -> lasting(1));

    for (Recorded work : fill(lanes, "quick", 500, () -> lasting(1))) {
      assertThat(work.end()).isEqualTo("ran");
    }
  }

  /** Storing a mail may take longer than a lane needs that is not warm yet: then nobody gains. */
  @Test
  void aLaneShouldBeWaitedForWhereTurningAwayTakesLonger() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(5, 100, 10), Duration.ZERO, THREADS);
    List<Recorded> all =
        fill(
            lanes,
            "lane",
            300,
            () ->
                new Recorded() {
                  @Override
                  void act() throws InterruptedException {
                    Thread.sleep(100);
                  }

                  @Override
                  public void turnAway(Duration time) {
                    try {
                      Thread.sleep(200);
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                    super.turnAway(time);
                  }
                });

    int ran = 0;
    for (Recorded work : all) {
      ran += work.end().equals("ran") ? 1 : 0;
    }
    // What turning away takes has to be seen first.
    assertThat(ran).isGreaterThan(260);
  }

  /** What comes first has to load classes, open the store and make connections. */
  @Test
  void nothingShouldBeTurnedAwayForTheSlownessOfANewProcess() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(5, 100, 10), Duration.ZERO, THREADS);
    List<Recorded> all = fill(lanes, "lane", 5, () -> lasting(1_500));
    all.addAll(fill(lanes, "lane", 300, () -> lasting(1)));

    for (Recorded work : all) {
      assertThat(work.end()).isEqualTo("ran");
    }
  }

  @Test
  void waitingForLanesInWhichAllHangsShouldCostOthersLittle() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(5, 1_000, 20), Duration.ZERO, THREADS);
    long begin = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      fill(lanes, "tarpit" + i, 30, this::hanging);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void lanesShouldTakeTurns() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(1, 1, 100), Duration.ZERO, THREADS);
    BlockingQueue<String> order = new LinkedBlockingQueue<>();
    Recorded blocker = hanging();
    lanes.submit("blocker", blocker);
    assertThat(blocker.hasBegun()).isTrue();
    for (String lane : List.of("a", "a", "a", "b", "b", "c")) {
      lanes.submit(
          lane,
          new Recorded() {
            @Override
            void act() {
              order.add(lane);
            }
          });
    }

    release.countDown();

    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      seen.add(order.poll(SECONDS, TimeUnit.SECONDS));
    }
    assertThat(seen).containsExactly("a", "b", "c", "a", "b", "a");
  }

  @Test
  void aLaneThatTurnsSlowShouldGiveUpThePlacesItHolds() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(1, 10, 20), Duration.ZERO, THREADS);
    CountDownLatch gate = new CountDownLatch(1);
    Recorded first =
        new Recorded() {
          @Override
          void act() throws InterruptedException {
            assertThat(gate.await(SECONDS, TimeUnit.SECONDS)).isTrue();
          }
        };
    lanes.submit("slow", first);
    // While nothing is known of it, each lane takes half of the places that are left.
    List<Recorded> waiting = fill(lanes, "slow", 7, this::hanging);
    for (String other : List.of("a", "b", "c", "d")) {
      fill(lanes, other, 10, this::hanging);
    }
    assertThat(lanes.waiting()).isEqualTo(17);

    gate.countDown();
    assertThat(waiting.get(0).hasBegun()).isTrue();
    // Lanes are not looked through all the time.
    Thread.sleep(1_100);
    lanes.submit("another", lasting(0));

    for (Recorded work : waiting.subList(2, 7)) {
      assertThat(work.end()).isEqualTo("turned away");
    }
    assertThat(waiting.get(1).over.getCount()).as("keeps its place").isOne();
  }

  @Test
  void whatWaitsShouldBeHandedBackAtTheEndAndWhatRunsShouldRunOn() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(1, 10, 20), Duration.ZERO, THREADS);
    List<Recorded> all = fill(lanes, "lane", 4, this::hanging);
    assertThat(all.get(0).hasBegun()).isTrue();

    lanes.close();
    Recorded late = lasting(0);
    lanes.submit("other", late);
    release.countDown();

    assertThat(all.get(0).end()).isEqualTo("ran");
    for (Recorded work : all.subList(1, 4)) {
      assertThat(work.end()).isEqualTo("handed back");
    }
    assertThat(late.end()).isEqualTo("handed back");
  }

  @Test
  void workThatFailsShouldNotStopItsLane() throws Exception {
    Lanes<String> lanes = new Lanes<>(new Lanes.Limits(1, 1, 20), Duration.ZERO, THREADS);
    lanes.submit(
        "lane",
        new Recorded() {
          @Override
          void act() {
            throw new IllegalStateException("thrown on purpose");
          }
        });
    Recorded next = lasting(0);
    lanes.submit("lane", next);

    assertThat(next.end()).isEqualTo("ran");
  }

  /** By seeds: whatever the order of events, limits hold and nothing is forgotten or done twice. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyPieceOfWorkShouldEndOnceAndLimitsHold(long seed) throws Exception {
    Random random = new Random(seed);
    int perLane = 1 + random.nextInt(4);
    int all = 1 + random.nextInt(12);
    Lanes<String> lanes =
        new Lanes<>(new Lanes.Limits(perLane, all, 1 + random.nextInt(30)), Duration.ZERO, THREADS);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<AtomicInteger> inLane = new ArrayList<>();
    List<AtomicInteger> mostInLane = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      inLane.add(new AtomicInteger());
      mostInLane.add(new AtomicInteger());
    }
    List<Recorded> works = Collections.synchronizedList(new ArrayList<>());
    List<Thread> submitters = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random own = new Random(seed * 31 + t);
      Thread submitter =
          new Thread(
              () -> {
                for (int i = 0; i < 300; i++) {
                  int lane = own.nextInt(6);
                  int micros = own.nextInt(lane == 0 ? 20_000 : 300);
                  Recorded work =
                      new Recorded() {
                        @Override
                        void act() throws InterruptedException {
                          most.accumulateAndGet(running.incrementAndGet(), Math::max);
                          mostInLane
                              .get(lane)
                              .accumulateAndGet(inLane.get(lane).incrementAndGet(), Math::max);
                          TimeUnit.MICROSECONDS.sleep(micros);
                          inLane.get(lane).decrementAndGet();
                          running.decrementAndGet();
                        }
                      };
                  works.add(work);
                  lanes.submit("lane" + lane, work);
                }
              });
      submitter.start();
      submitters.add(submitter);
    }
    if (seed % 2 == 0) {
      Thread.sleep(random.nextInt(300));
      lanes.close();
    }
    for (Thread submitter : submitters) {
      submitter.join();
    }

    for (Recorded work : works) {
      assertThat(work.end()).isIn("ran", "turned away", "handed back");
    }
    assertThat(works).hasSize(1_200).allSatisfy(work -> assertThat(work.calls).hasValue(1));
    assertThat(most.get()).isBetween(1, all);
    assertThat(mostInLane).allSatisfy(count -> assertThat(count.get()).isBetween(0, perLane));
    assertThat(lanes.waiting()).isZero();
    for (int i = 0; i < 100 && lanes.running() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(lanes.size()).as("nothing is left").isZero();
  }
}
