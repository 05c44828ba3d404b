package org.jamessts.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
 * on the path. {@link Schedules} tells how to play others.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class AttackTest {

  private static final long SCHEDULES = Schedules.wanted(1_000);

  /** How many schedules are played at most in search of a breach. */
  private static final long SEARCHED = 1_000;

  @Test
  @Rule(value = "RFC 8461 S3", in = StsPolicyService.class)
  @Rule(value = "RFC 8461 S13", in = StsPolicyService.class)
  @Rule(value = "RFC 8461 S14", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A4", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A13", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A15", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A17", in = StsPolicyService.class)
  void noScheduleShouldTakeAPolicyAway() {
    Schedules.Played played = play(Guards.ALL, SCHEDULES);

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

  private static Schedules.Played play(Guards guards, long schedules) {
    return Schedules.play(
        () -> new World(guards), (world, seed) -> new Schedule(world, seed).run(), schedules);
  }
}
