package org.jamessts.decide;

import org.jamessts.override.FailureKind;

/** What a requirement of one source rests on, to explain what it finds. */
interface Grounds {

  /** The requirement in a few words. */
  String describe();

  /** The rule that a host breaks in which this is wrong, and where it stands. */
  String rule(FailureKind kind);

  /** How old the requirement is. */
  Freshness freshness();
}
