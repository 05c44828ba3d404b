package org.jamessts.attack.dane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jamessts.attack.Schedules;
import org.jamessts.attack.Schedules.Played;
import org.jamessts.attack.dane.Schedule.Kind;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guard.Subject;
import org.jamessts.guard.Guards;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mail never leaves on a connection that breaks what the owner of a zone has published (RFC 7672
 * §2.2), whatever somebody on the path does; all that he can do is to make it wait. {@link
 * Schedules} tells how to play other schedules.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class DaneAttackTest {

  /** A schedule takes about a quarter of a second of a processor. */
  private static final long ORDINARY = 200;

  private static final long SCHEDULES = Schedules.wanted(ORDINARY);

  /** How many schedules are played at most in search of a breach. */
  private static final long SEARCHED = 1_000;

  /**
   * How many schedules the search passes over for a guard that few of them need: by far the most of
   * the time went into those that lead to no breach. The next was seen to lead to one; should that
   * change, the search goes on from there.
   */
  private static final Map<Guard, Long> PASSED_OVER =
      Map.of(
          Guard.AUTHORITY_IS_ABOVE_NAME, 103L,
          Guard.NO_PROOF_IS_NO_ANSWER, 100L,
          Guard.UNUSABLE_STILL_MEANS_TLS, 56L,
          Guard.DANE_EE_IS_THE_LEAF, 460L,
          Guard.DANE_TA_HAS_SIGNED, 134L,
          Guard.DANE_TA_NAMES, 590L,
          Guard.DANE_TA_DATES, 409L);

  /** In which mail arrived while nobody was in the way. */
  private final Set<Kind> honest = ConcurrentHashMap.newKeySet();

  @Test
  void noScheduleShouldLeadMailAstray() {
    Played played = play(Guards.ALL, 0, SCHEDULES);

    played
        .breach()
        .ifPresent(
            breach -> {
              throw breach;
            });
    assertThat(played.untold()).isLessThanOrEqualTo(SCHEDULES / 20);
    if (SCHEDULES >= ORDINARY) {
      assertThat(honest).extracting(Kind::layout).contains(Layout.values());
      assertThat(honest).extracting(Kind::form).contains(Form.values());
      assertThat(honest).extracting(Kind::mandatory).contains(true, false);
      assertThat(honest).extracting(Kind::sts).contains(true, false);
    }
  }

  @ParameterizedTest
  @MethodSource
  void schedulesShouldFindTheBreachWhenOneGuardIsTakenAway(Guard off) {
    assertThat(play(guard -> guard != off, PASSED_OVER.getOrDefault(off, 0L), SEARCHED).breach())
        .isPresent();
  }

  static Stream<Guard> schedulesShouldFindTheBreachWhenOneGuardIsTakenAway() {
    return Arrays.stream(Guard.values()).filter(guard -> guard.subject() == Subject.DANE);
  }

  private Played play(Guards guards, long passedOver, long schedules) {
    return Schedules.play(
        World::new,
        (world, seed) -> {
          Schedule schedule = new Schedule(world, guards, seed);
          boolean told = schedule.run();
          if (schedule.honestDeliveries() > 0) {
            honest.add(schedule.kind);
          }
          return told;
        },
        passedOver,
        schedules);
  }
}
