package org.jamessts.attack.dane;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jamessts.attack.Move;

/** What the owner may do, and time. */
final class OwnerMoves {

  static final List<Move<Schedule>> ALL =
      List.of(
          new Move<>(
              "change certificates",
              4,
              s -> s.owner.mayChangeCertificates(),
              s -> change(s, Owner::changeCertificates)),
          new Move<>("change the zones' keys", 2, s -> true, OwnerMoves::changeKeys),
          new Move<>("change whether there are records", 1, s -> true, OwnerMoves::toggle),
          new Move<>(
              "wait", 2, s -> true, s -> wait(s, Duration.ofHours(1 + s.random.nextInt(48)))),
          new Move<>(
              "wait until signatures have expired",
              2,
              s -> true,
              s ->
                  wait(
                      s,
                      Duration.between(s.world.clock.instant(), s.owner.signedUntil())
                          .plusSeconds(1))));

  private OwnerMoves() {}

  private static String changeKeys(Schedule s) {
    String words = change(s, Owner::changeKeys);
    s.restart();
    return words;
  }

  private static String toggle(Schedule s) {
    return change(s, Owner::toggleRecords);
  }

  private static String change(Schedule s, Function<Owner, String> step) {
    s.world.clock.advance(Owner.SPREADING);
    String words = step.apply(s.owner);
    s.publish();
    return words;
  }

  private static String wait(Schedule s, Duration time) {
    s.world.clock.advance(time);
    return time.toString();
  }
}
