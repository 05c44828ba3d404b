package org.jamessts.whatif;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The last few answers, in memory: they are large, and asked for again easily. Thread-safe. */
public final class Answers {

  private static final int KEPT = 4;

  private final Deque<Answer> last = new ArrayDeque<>();

  /** Keeps one, in place of the oldest. */
  public synchronized void keep(Answer answer) {
    last.addLast(answer);
    if (last.size() > KEPT) {
      last.removeFirst();
    }
  }

  /** The one of this id, if it is still here. */
  public synchronized Optional<Answer> find(String id) {
    return last.stream().filter(answer -> answer.id().equals(id)).findFirst();
  }
}
