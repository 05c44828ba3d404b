package org.jamessts.store;

/**
 * How to reach a PostgreSQL database.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with further parameters of the driver
 * @param user who may create tables there, at least at the first start
 * @param password may be empty
 */
public record PostgresServer(String url, String user, String password) {

  /** With which every such URL begins. */
  public static final String SCHEME = "jdbc:postgresql:";

  /** Without the password: this ends in logs. */
  @Override
  public String toString() {
    return url + " as " + user;
  }
}
