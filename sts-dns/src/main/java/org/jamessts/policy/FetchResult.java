package org.jamessts.policy;

/** What the attempt to fetch a policy gives. */
public sealed interface FetchResult {

  /**
   * The policy host proved its name and sent a body, of which nothing is known yet but its size.
   *
   * @param octets as sent, at most 65536
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, compared by nobody
  record Body(byte[] octets) implements FetchResult {}

  /**
   * There is no body to believe.
   *
   * @param failure why
   */
  record Failed(PolicyFailure failure) implements FetchResult {}
}
