package org.jamessts.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

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

  private final Database database;
  private final Patience patience;
  private final BoundedCalls calls = new BoundedCalls();
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
    database.close();
  }
}
