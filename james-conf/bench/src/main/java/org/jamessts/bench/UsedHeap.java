package org.jamessts.bench;

import java.lang.management.ManagementFactory;

/** What the heap holds. */
final class UsedHeap {

  private static final int COLLECTIONS = 4;

  private UsedHeap() {}

  /** Octets in use after everything that is not needed has gone. */
  static long octets() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
