package org.jamessts.threads;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that end with the process. */
public final class DaemonThreads {

  /** To make a thread takes less time than what threads are needed for. */
  private static final long IDLE_SECONDS = 2;

  private DaemonThreads() {}

  /** Makes threads of one name, by which an operator finds them in a thread dump. */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Runs tasks at the same time, on a bounded number of threads. While all are busy, whoever brings
   * a task runs it himself: so tasks never wait for each other, and may bring tasks of their own.
   *
   * @param max how many threads; idle ones end
   * @param name of the threads
   */
  public static Executor upTo(int max, String name) {
    return new ThreadPoolExecutor(
        0,
        max,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        named(name),
        new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /**
   * Runs each task at once, on a thread of its own that may wait for long: a virtual one where the
   * JRE has them (21 and later), since thousands of those cost little. Whoever brings tasks bounds
   * how many run at the same time.
   *
   * @param name of the threads
   */
  public static Executor perTask(String name) {
    return virtual(name)
        .<Executor>map(factory -> task -> factory.newThread(task).start())
        .orElseGet(
            () ->
                new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    named(name)));
  }

  /** By reflection, since this is compiled for Java 17. */
  private static Optional<ThreadFactory> virtual(String name) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      Object named = type.getMethod("name", String.class).invoke(builder, name);
      return Optional.of((ThreadFactory) type.getMethod("factory").invoke(named));
    } catch (ReflectiveOperationException e) {
      // Where they are a preview, or are not there.
      return Optional.empty();
    }
  }
}
