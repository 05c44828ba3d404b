package org.jamessts.attack.dane;

/** A machine at which mail may arrive. */
enum Server {
  /** The host of the domain. */
  PRIMARY,
  /** A second host, of worse preference. */
  BACKUP,
  /** What the domain itself has an address for: no host for mail. */
  WEB,
  /** The attacker's own. */
  EVIL
}
