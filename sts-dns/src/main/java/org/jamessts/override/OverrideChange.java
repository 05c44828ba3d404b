package org.jamessts.override;

import java.util.Optional;

/** What became of a change that somebody asked for. */
public sealed interface OverrideChange {

  /**
   * It is stored and holds on this server from now on, on others when they look next.
   *
   * @param previous what was stored for the pattern before
   */
  record Done(Optional<DomainOverride> previous) implements OverrideChange {}

  /**
   * Nothing changed, since the change makes no sense.
   *
   * @param reason why, and what is allowed, for whoever asked
   */
  record Refused(String reason) implements OverrideChange {}

  /**
   * Nothing changed, since the store does not work.
   *
   * @param reason for a person to read
   */
  record Failed(String reason) implements OverrideChange {}
}
