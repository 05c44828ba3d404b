package org.jamessts.attack;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What may happen in a step.
 *
 * @param <S> to what it happens
 * @param name for the list of steps
 * @param weight how likely it is, beside the others
 * @param applies whether it makes sense now
 * @param play does it, and says what exactly
 */
public record Move<S>(String name, int weight, Predicate<S> applies, Function<S, String> play) {

  /** One about which there is no more to say. */
  public static <S> Move<S> plain(String name, int weight, Predicate<S> applies, Consumer<S> play) {
    return new Move<>(
        name,
        weight,
        applies,
        schedule -> {
          play.accept(schedule);
          return "";
        });
  }

  /** One of those that make sense now. */
  public static <S> Move<S> draw(List<Move<S>> from, S schedule, RandomGenerator random) {
    List<Move<S>> all = from.stream().filter(move -> move.applies.test(schedule)).toList();
    int ticket = random.nextInt(all.stream().mapToInt(Move::weight).sum());
    for (Move<S> move : all) {
      ticket -= move.weight;
      if (ticket < 0) {
        return move;
      }
    }
    throw new IllegalStateException("the weights do not add up");
  }
}
