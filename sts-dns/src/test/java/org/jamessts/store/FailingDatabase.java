package org.jamessts.store;

import java.sql.SQLException;

/** A database that fails as long as a test wants it. It outlives the stores that use it. */
public final class FailingDatabase implements Database {

  /** What fails. */
  public enum Failure {
    /** Nothing. */
    NONE,
    /** Nobody can reach it. */
    ALL,
    /** It can be read, but is full or locked. */
    WRITES,
    /** It does what it is told, but nobody hears so. */
    ANSWERS_TO_WRITES
  }

  private final Database real;
  private volatile Failure failure = Failure.NONE;

  /** A database that works so far. */
  public FailingDatabase(Database real) {
    this.real = real;
  }

  /** From now on, this fails. */
  public void fail(Failure what) {
    failure = what;
  }

  /** What fails now. */
  public Failure failure() {
    return failure;
  }

  @Override
  public <T> T read(Work<T> work) throws SQLException {
    if (failure == Failure.ALL) {
      throw new SQLException("the database is gone");
    }
    return real.read(work);
  }

  @Override
  public <T> T write(Work<T> work) throws SQLException {
    if (failure == Failure.ALL || failure == Failure.WRITES) {
      throw new SQLException("the database is full");
    }
    T result = real.write(work);
    if (failure == Failure.ANSWERS_TO_WRITES) {
      throw new SQLException("the connection broke");
    }
    return result;
  }

  /** Nothing: a restart of the stores finds the same database. */
  @Override
  public void close() {}

  /** Closes the database behind it. */
  public void closeForGood() {
    real.close();
  }
}
