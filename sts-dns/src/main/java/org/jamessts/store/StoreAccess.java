package org.jamessts.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The database, for one kind of work that is in the way of no policy: on threads of its own, within
 * a bounded time, and by a view of its own whether the database works. While it does not, it is
 * asked no more than every few seconds. Safe for use by many threads.
 */
public final class StoreAccess implements AutoCloseable {

  /** A large piece of work takes its time, and the first call may have to open a large file. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Database database;
  private final String what;
  private final Outage outage;
  private final BoundedCalls calls;

  /**
   * A way to the database, which is opened at the first call.
   *
   * @param what is kept there, to begin a sentence with
   * @param atOnce how many pieces of work at a time
   * @param retry from one attempt to reach a failing database to the next
   */
  public StoreAccess(Database database, String what, int atOnce, Duration retry) {
    this.database = database;
    this.what = what;
    this.calls = new BoundedCalls(atOnce);
    this.outage = new Outage(what + " can be kept again", retry);
  }

  /**
   * Does work that changes nothing.
   *
   * @throws StoreException when there is no result in time; the message is for the operator
   */
  public <T> T read(Database.Work<T> work) throws StoreException {
    return ask(() -> database.read(work));
  }

  /**
   * Does work that changes something: on return, the change outlives the death of this process.
   *
   * @throws StoreException when nobody knows whether it was done, then or later
   */
  public <T> T write(Database.Work<T> work) throws StoreException {
    return ask(() -> database.write(work));
  }

  private <T> T ask(Callable<T> work) throws StoreException {
    if (!outage.mayAsk()) {
      throw new StoreException(outage.trouble().orElse("the store has just failed"));
    }
    try {
      T result = calls.call(work, LIMIT);
      outage.over();
      return result;
    } catch (StoreException e) {
      String reason = what + " cannot be kept: " + e.reason();
      outage.began(reason);
      throw new StoreException(reason);
    }
  }

  /** What does not work, in words, while it does not. */
  public Optional<String> trouble() {
    return outage.trouble();
  }

  /** Ends its threads; the database is not its own. */
  @Override
  public void close() {
    calls.close();
  }
}
