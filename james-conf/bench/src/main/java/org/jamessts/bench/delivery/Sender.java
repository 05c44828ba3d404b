package org.jamessts.bench.delivery;

/** Which mailet sends, and what is asked of the destination. */
enum Sender {
  /**
   * James's own, with TLS required and the certificate checked; by a gateway, see {@link Server}.
   */
  STOCK,
  /** Ours; each domain has an MTA-STS policy in mode enforce. */
  ENFORCING,
  /** Ours; no domain has a policy. */
  OPPORTUNISTIC
}
