package org.jamessts.smtp;

/** With what this client proves to a server who it is (RFC 4954). */
public sealed interface Credentials {

  /** Who it claims to be. */
  String username();

  /** What proves it. */
  Secret secret();

  /**
   * A password, for PLAIN (RFC 4616) or LOGIN.
   *
   * @param username without control characters
   * @param secret the password, without control characters
   */
  record Password(String username, Secret secret) implements Credentials {}

  /**
   * A token of OAuth 2.0, for XOAUTH2.
   *
   * @param username without control characters
   * @param secret the token, as it stands in a bearer header (RFC 6750 §2.1)
   */
  record BearerToken(String username, Secret secret) implements Credentials {}
}
