package org.jamessts.guard;

/** Says which guards stand. Safe for use by many threads. */
@FunctionalInterface
public interface Guards {

  /** All of them: the only value outside tests. */
  Guards ALL = guard -> true;

  /** Whether the rule is kept. */
  boolean stand(Guard guard);
}
