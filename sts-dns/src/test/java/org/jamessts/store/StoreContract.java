package org.jamessts.store;

import java.sql.SQLException;
import org.jamessts.testing.SettableClock;

/** A database as the contracts of the stores see it: it begins empty, without tables. */
interface StoreContract {

  SettableClock clock();

  /** One more server on the database. */
  Server server();

  /** A server whose database cannot be reached. */
  Server serverWithoutDatabase();

  /** Changes rows behind the servers' back, or makes them before the first has started. */
  void sql(String... statements) throws SQLException;
}
