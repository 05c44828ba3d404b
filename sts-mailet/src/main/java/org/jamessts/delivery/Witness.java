package org.jamessts.delivery;

import org.jamessts.dns.MxLookup;

/** Sees what an attempt goes by, while it goes: a dry run does, delivery has nobody watch. */
interface Witness {

  /** For delivery. */
  Witness NOBODY = new Witness() {};

  /** The hosts of a next hop were looked up. */
  default void routed(NextHop hop, MxLookup route) {}

  /** A host has its turn; what follows is about it, until another has. */
  default void considered(Target target, Need need) {}

  /** Something is in the way. */
  default void noted(Reason why) {}
}
