package org.jamessts.bench.delivery;

/**
 * What a James has to send.
 *
 * @param name for the table
 * @param mails that are measured; half as many go before, to warm up
 * @param octets of each
 * @param domains to which they go in turn
 * @param tarpits other domains, whose hosts say nothing after their greeting
 * @param tarpitMails for each of these, queued before the others
 */
record Load(String name, int mails, int octets, int domains, int tarpits, int tarpitMails) {

  static Load of(String name, int mails, int octets, int domains) {
    return new Load(name, mails, octets, domains, 0, 0);
  }

  int warmUp() {
    return Math.max(1, mails / 2);
  }

  int all() {
    return mails + warmUp();
  }
}
