package org.jamessts.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database so that nobody suffers from it: within a bounded time, and no more once it is
 * known to fail, until a retry has succeeded. Reading and writing fail and recover each on its own.
 * Safe for use by many threads.
 */
final class StoreCalls implements AutoCloseable {

  /**
   * How patient the store is.
   *
   * @param opening how long the first calls wait, since a large file takes its time after a crash
   * @param call how long all others wait
   * @param retry from one attempt to reach a failing database to the next
   */
  record Patience(Duration opening, Duration call, Duration retry) {
    static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5));
  }

  private static final int CALLS_AT_ONCE = 4;
  private static final int ASIDES_AT_ONCE = 2;
  private static final Duration ASIDE = Duration.ofSeconds(60);
  private static final Logger LOG = LoggerFactory.getLogger(StoreCalls.class);

  private final Database database;
  private final Patience patience;
  private final BoundedCalls calls = new BoundedCalls(CALLS_AT_ONCE);

  /** Of their own, so that no mail waits behind them. */
  private final BoundedCalls asides = new BoundedCalls(ASIDES_AT_ONCE);

  private final StoreHealth reading = new StoreHealth("read from the store");
  private final StoreHealth writing = new StoreHealth("written to the store");
  private volatile boolean opened;

  StoreCalls(Database database, Patience patience) {
    this.database = database;
    this.patience = patience;
  }

  /** What the work finds; nothing while the database fails. */
  <T> Optional<T> read(Database.Work<T> work) {
    return ask(reading, () -> database.read(work));
  }

  /** What the work gives when the change is safe; nothing while the database fails. */
  <T> Optional<T> write(Database.Work<T> work) {
    return ask(writing, () -> database.write(work));
  }

  private <T> Optional<T> ask(StoreHealth health, Callable<T> work) {
    if (health.isDown()) {
      return Optional.empty();
    }
    try {
      return Optional.of(call(work));
    } catch (StoreException e) {
      health.failed(e);
      return Optional.empty();
    }
  }

  /**
   * What work finds that no mail waits for: a walk over many rows, a list for somebody to look at.
   * It may take longer, and says nothing about the health of the database; nothing is found while
   * that fails.
   */
  <T> Optional<T> readAside(Database.Work<T> work) {
    return aside(reading, () -> database.read(work));
  }

  /** As {@link #readAside}, for work that changes something. */
  <T> Optional<T> writeAside(Database.Work<T> work) {
    return aside(writing, () -> database.write(work));
  }

  private <T> Optional<T> aside(StoreHealth health, Callable<T> work) {
    if (health.isDown()) {
      return Optional.empty();
    }
    try {
      T result = asides.call(work, ASIDE);
      opened = true;
      return Optional.of(result);
    } catch (StoreException e) {
      LOG.warn("the store did not do what can wait: {}", e.reason());
      return Optional.empty();
    }
  }

  /** Asks also when the database is known to fail. */
  <T> T tryRead(Database.Work<T> work) throws StoreException {
    return call(() -> database.read(work));
  }

  /** As {@link #tryRead}. */
  <T> T tryWrite(Database.Work<T> work) throws StoreException {
    return call(() -> database.write(work));
  }

  private <T> T call(Callable<T> work) throws StoreException {
    T result = calls.call(work, opened ? patience.call() : patience.opening());
    opened = true;
    return result;
  }

  StoreHealth reading() {
    return reading;
  }

  StoreHealth writing() {
    return writing;
  }

  Database database() {
    return database;
  }

  Patience patience() {
    return patience;
  }

  /** Whether the database has ever answered: until then nothing is asked that can wait. */
  boolean isOpened() {
    return opened;
  }

  /** What does not work, or was lost, in words. */
  Optional<String> trouble() {
    return reading.trouble().or(writing::trouble).or(database::damage);
  }

  @Override
  public void close() {
    calls.close();
    asides.close();
    database.close();
  }
}
