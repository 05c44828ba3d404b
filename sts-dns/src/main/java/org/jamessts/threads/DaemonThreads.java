package org.jamessts.threads;

import java.util.concurrent.ThreadFactory;

/** Threads that end with the process. */
public final class DaemonThreads {

  private DaemonThreads() {}

  /** Makes threads of one name, by which an operator finds them in a thread dump. */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
