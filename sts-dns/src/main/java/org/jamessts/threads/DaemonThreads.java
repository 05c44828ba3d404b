package org.jamessts.threads;

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
}
