package org.jamessts.override;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps overrides in memory, where several servers of one test see them, and fails on demand. */
final class MemoryOverrideStore implements OverrideStore {

  /** What it does when it is asked. */
  enum Behaviour {
    WORKS,
    REFUSES_CHANGES,
    THROWS
  }

  private final Map<DomainPattern, StoredOverride> overrides = new ConcurrentHashMap<>();
  private volatile Behaviour behaviour = Behaviour.WORKS;
  private final AtomicInteger reads = new AtomicInteger();

  void will(Behaviour next) {
    behaviour = next;
  }

  /** How often it was asked for all. */
  int reads() {
    return reads.get();
  }

  @Override
  public List<StoredOverride> all() {
    reads.incrementAndGet();
    work();
    return List.copyOf(overrides.values());
  }

  @Override
  public boolean put(StoredOverride stored) {
    if (work()) {
      overrides.put(stored.override().pattern(), stored);
      return true;
    }
    return false;
  }

  @Override
  public boolean remove(DomainPattern pattern) {
    if (work()) {
      overrides.remove(pattern);
      return true;
    }
    return false;
  }

  private boolean work() {
    if (behaviour == Behaviour.THROWS) {
      throw new IllegalStateException("connection refused,\n  or so");
    }
    return behaviour == Behaviour.WORKS;
  }
}
