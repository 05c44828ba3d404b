package org.jamessts.policy;

import java.time.Instant;
import java.util.Locale;
import org.jamessts.dns.DomainName;

/**
 * A domain's policy became less while it was kept: the domain's own will, or somebody's attack.
 *
 * @param domain the policy domain
 * @param kind what became less
 * @param before the policy as it was
 * @param after the policy as it is, or in words what is left of it
 * @param at when it was noticed
 */
public record PolicyAlarm(DomainName domain, Kind kind, String before, String after, Instant at) {

  /** What became less. */
  public enum Kind {
    /** The domain no longer announces the policy that holds. */
    VANISHED("no longer announced"),
    /** It asks for less: from {@code enforce} to {@code testing} or {@code none}, and the like. */
    WEAKENED("weakened"),
    /** It lists fewer hosts. */
    MX_REMOVED("mx entries removed");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** In words, for the log. */
    public String words() {
      return words;
    }

    /** As JSON spells it. */
    public String keyword() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
