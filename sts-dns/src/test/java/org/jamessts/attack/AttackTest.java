package org.jamessts.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guard.Subject;
import org.jamessts.guard.Guards;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An unexpired policy is forgotten only for a newer authenticated one, by expiry, or by an
 * operator's command: not by a flood of other domains, not by a failing store, and not by anybody
 * on the path. {@code -Dsts.attack.schedules} and {@code -Dsts.attack.seed} choose how many
 * schedules are played and the first of their seeds.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class AttackTest {

  private static final long SCHEDULES = Long.getLong("sts.attack.schedules", 2_000);
  private static final long FIRST_SEED = Long.getLong("sts.attack.seed", 1);

  /** How many schedules are played at most in search of a breach. */
  private static final long SEARCHED = 1_000;

  /** Servers and database are used so often; then there are new ones. */
  private static final int A_WORLD = 200;

  @Test
  @Rule(value = "RFC 8461 S3", in = StsPolicyService.class)
  @Rule(value = "RFC 8461 S13", in = StsPolicyService.class)
  @Rule(value = "RFC 8461 S14", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A4", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A13", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A15", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A17", in = StsPolicyService.class)
  void noScheduleShouldTakeAPolicyAway() {
    Played played = play(Guards.ALL, SCHEDULES);

    played
        .breach()
        .ifPresent(
            breach -> {
              throw breach;
            });
    assertThat(played.untold()).isLessThanOrEqualTo(SCHEDULES / 20);
  }

  @ParameterizedTest
  @MethodSource
  void schedulesShouldFindTheBreachWhenOneGuardIsTakenAway(Guard off) {
    assertThat(play(guard -> guard != off, SEARCHED).breach()).isPresent();
  }

  static Stream<Guard> schedulesShouldFindTheBreachWhenOneGuardIsTakenAway() {
    return Arrays.stream(Guard.values()).filter(guard -> guard.subject() == Subject.POLICY);
  }

  /**
   * What became of some schedules.
   *
   * @param breach the first that was found
   * @param untold how many could not be judged, since the machine was too slow
   */
  private record Played(Optional<Breach> breach, long untold) {}

  private static Played play(Guards guards, long schedules) {
    AtomicLong next = new AtomicLong();
    AtomicLong untold = new AtomicLong();
    AtomicBoolean over = new AtomicBoolean();
    int workers = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        all.add(
            threads.submit(
                () -> {
                  while (!over.get() && next.get() < schedules) {
                    work(guards, next, schedules, untold, over);
                  }
                }));
      }
      Optional<Breach> breach = Optional.empty();
      for (Future<?> worker : all) {
        breach = breach.or(() -> result(worker));
      }
      return new Played(breach, untold.get());
    } finally {
      threads.shutdownNow();
    }
  }

  private static void work(
      Guards guards, AtomicLong next, long schedules, AtomicLong untold, AtomicBoolean over) {
    try (World world = new World(guards)) {
      for (int i = 0; i < A_WORLD && !over.get(); i++) {
        long number = next.getAndIncrement();
        if (number >= schedules) {
          return;
        }
        if (!new Schedule(world, FIRST_SEED + number).run()) {
          untold.incrementAndGet();
        }
      }
    } catch (Breach breach) {
      over.set(true);
      throw breach;
    }
  }

  private static Optional<Breach> result(Future<?> worker) {
    try {
      worker.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Breach breach) {
        return Optional.of(breach);
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
