package org.jamessts.store;

import java.time.Clock;
import java.time.Duration;
import org.jamessts.guard.Guards;

/** Opens what tests of other packages need of the stores. */
public final class TestStores {

  /** The timer does nothing by itself: a test decides when the database is tried again. */
  private static final StoreCalls.Patience BY_HAND =
      new StoreCalls.Patience(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofDays(1));

  private TestStores() {}

  /** Stores with chosen guards that try a failing database only when told. */
  public static Stores open(Database database, int memory, Clock clock, Guards guards) {
    return new Stores(database, memory, clock, BY_HAND, guards);
  }

  /** Stores that try a failing database again at once. */
  public static Stores openImpatient(Database database, int memory, Clock clock) {
    StoreCalls.Patience patience =
        new StoreCalls.Patience(
            Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(50));
    return new Stores(database, memory, clock, patience, Guards.ALL);
  }

  /** What the timer does every few seconds. */
  public static void recover(Stores stores) {
    try {
      stores.jdbcPolicies().recover();
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the timer does every few minutes. */
  public static void tidyUp(Stores stores) {
    stores.jdbcPolicies().deleteExpired();
  }
}
