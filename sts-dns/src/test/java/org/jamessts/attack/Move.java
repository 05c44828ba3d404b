package org.jamessts.attack;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What may happen in a step.
 *
 * @param name for the list of steps
 * @param weight how likely it is, beside the others
 * @param applies whether it makes sense now
 * @param play does it, and says what exactly
 */
record Move(String name, int weight, Predicate<Schedule> applies, Function<Schedule, String> play) {

  private static final List<Move> ALL =
      Stream.of(HonestMoves.ALL, HostileMoves.ALL, ServerMoves.ALL).flatMap(List::stream).toList();

  /** One about which there is no more to say. */
  static Move plain(String name, int weight, Predicate<Schedule> applies, Consumer<Schedule> play) {
    return new Move(
        name,
        weight,
        applies,
        schedule -> {
          play.accept(schedule);
          return "";
        });
  }

  static Move draw(Schedule schedule) {
    List<Move> all = ALL.stream().filter(move -> move.applies.test(schedule)).toList();
    int ticket = schedule.random.nextInt(all.stream().mapToInt(Move::weight).sum());
    for (Move move : all) {
      ticket -= move.weight;
      if (ticket < 0) {
        return move;
      }
    }
    throw new IllegalStateException("the weights do not add up");
  }
}
