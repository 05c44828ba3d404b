package org.jamessts.bench.delivery;

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

  static Load of(String name, int mails, int octets, int domains) {
    return new Load(name, mails, octets, domains, 0, 0);
  }

  /** What goes before: so much that each kind is at work for about the same time. */
  int warmUp(Sender sender) {
    return Math.max(1, sender == Sender.STOCK ? mails / 5 : mails);
  }

  int all(Sender sender) {
    return mails + warmUp(sender);
  }
}
