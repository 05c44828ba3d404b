package org.jamessts.tlsrpt.send;

/** What became of one attempt to hand over a report. */
public sealed interface CourierResult {

  /**
   * One endpoint has accepted the report: it counts as delivered (RFC 8460 §3).
   *
   * @param endpoint which, as its {@code rua} names it
   */
  record Accepted(String endpoint) implements CourierResult {}

  /**
   * Nobody wants it, and another attempt would change nothing: there is no TLSRPT record, or all
   * its endpoints are suppressed.
   *
   * @param why for the operator to read
   */
  record NotWanted(String why) implements CourierResult {}

  /**
   * No endpoint has accepted it, and another attempt may help (RFC 8460 §5.5).
   *
   * @param reason for the operator to read
   */
  record Failed(String reason) implements CourierResult {}
}
