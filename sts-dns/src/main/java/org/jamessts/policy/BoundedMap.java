package org.jamessts.policy;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was noted lately, by keys that strangers choose: when it is full, the oldest key gives way.
 * To forget one must cost no more than to do something once again. Not for use by several threads.
 *
 * @param <K> the key; to note another value leaves it at its place in the order
 * @param <V> what was noted
 */
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  private final int max;

  /**
   * @param max how many keys it holds at most
   */
  BoundedMap(int max) {
    this.max = max;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > max;
  }
}
