package org.jamessts.bench.delivery;

import java.nio.charset.StandardCharsets;

/**
 * What a James has to send.
 *
 * @param name for the table
 * @param mails that are measured; others go before, to warm up
 * @param octets of each
 * @param domains to which they go in turn
 * @param tarpits other domains, whose hosts say nothing after their greeting
 * @param tarpitMails for each of these, queued before the others
 */
record Load(String name, int mails, int octets, int domains, int tarpits, int tarpitMails) {

  private static final int LINE = 76;
  private static final int LARGE = 10_000;

  static Load of(String name, int mails, int octets, int domains) {
    return new Load(name, mails, octets, domains, 0, 0);
  }

  /**
   * What goes before, by how fast each is: so much that both are at work for a quarter of a minute,
   * and for some seconds with large mails, more of which the heap could not hold.
   */
  int warmUp(Sender sender) {
    if (sender == Sender.STOCK) {
      return Math.max(1, mails / 5);
    }
    return octets < LARGE ? 2 * mails : mails;
  }

  int all(Sender sender) {
    return mails + warmUp(sender);
  }

  /** A mail with so many octets, or a few more. */
  static byte[] message(int octets) {
    StringBuilder text = new StringBuilder("Subject: benchmark\r\nFrom: alice@ours.test\r\n\r\n");
    while (text.length() < octets) {
      text.append("x".repeat(LINE)).append("\r\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
