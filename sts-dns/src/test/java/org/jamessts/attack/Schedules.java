package org.jamessts.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Plays schedules from their seeds, several at a time, until one ends in a breach. {@code
 * -Dsts.attack.schedules} and {@code -Dsts.attack.seed} choose how many are played and the first of
 * their seeds.
 *
 * @param <W> in which they are played, one after the other
 */
public final class Schedules<W extends Schedules.World> {

  private static final long FIRST_SEED = Long.getLong("sts.attack.seed", 1);

  /** More than there are processors, perhaps: half of the time of a schedule is waiting. */
  private static final int WORKERS = 4;

  /** A world is used so often; then there is a new one. */
  private static final int A_WORLD = 200;

  /** Servers that schedules share. */
  public interface World extends AutoCloseable {
    @Override
    void close();
  }

  /** Plays one schedule. */
  @FunctionalInterface
  public interface Player<W> {
    /**
     * Plays the schedule of a seed.
     *
     * @return false when the machine was too slow to tell
     * @throws Breach when something came about that must not
     */
    boolean play(W world, long seed);
  }

  /**
   * What became of schedules.
   *
   * @param breach the first that was found
   * @param untold how many could not be judged, since the machine was too slow
   */
  public record Played(Optional<Breach> breach, long untold) {}

  private final Supplier<W> worlds;
  private final Player<W> player;
  private final long first;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong untold = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();

  private Schedules(Supplier<W> worlds, Player<W> player, long first) {
    this.worlds = worlds;
    this.player = player;
    this.first = first;
  }

  /** How many schedules the one who runs the tests wants. */
  public static long wanted(long otherwise) {
    return Long.getLong("sts.attack.schedules", otherwise);
  }

  /** Plays so many, unless there is a breach before. */
  public static <W extends World> Played play(Supplier<W> worlds, Player<W> player, long count) {
    return play(worlds, player, 0, count);
  }

  /**
   * The same from later seeds on.
   *
   * @param passedOver how many come before
   */
  public static <W extends World> Played play(
      Supplier<W> worlds, Player<W> player, long passedOver, long count) {
    return new Schedules<>(worlds, player, FIRST_SEED + passedOver).play(count);
  }

  private Played play(long count) {
    ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        all.add(
            threads.submit(
                () -> {
                  while (!over.get() && next.get() < count) {
                    work(count);
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

  private void work(long count) {
    try (W world = worlds.get()) {
      for (int i = 0; i < A_WORLD && !over.get(); i++) {
        long number = next.getAndIncrement();
        if (number >= count) {
          return;
        }
        if (!player.play(world, first + number)) {
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
