package org.jamessts.policy;

import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when a policy becomes less while it is kept. What a policy host says holds at once all
 * the same (RFC 8461 §5.1): the alarm is for the operator, who may know better. The same change is
 * told once. Safe for use by many threads.
 */
final class Downgrades {

  private static final int REMEMBERED = 10_000;

  private record Told(DomainName domain, Slot slot, Instant fetchedAt) {}

  private final AlarmLog alarms;
  private final Clock clock;
  private final Logger log;

  /** What was told lately, so that not every mail has the alarm log searched. */
  private final Set<Told> vanished = Collections.newSetFromMap(new BoundedMap<>(REMEMBERED));

  Downgrades(AlarmLog alarms, Clock clock) {
    this(alarms, clock, LoggerFactory.getLogger(Downgrades.class));
  }

  Downgrades(AlarmLog alarms, Clock clock, Logger log) {
    this.alarms = alarms;
    this.clock = clock;
    this.log = log;
  }

  /** A kept policy gives way to one that was published later. */
  void replaced(KnownPolicy before, KnownPolicy after) {
    if (after.strength().compareTo(before.strength()) < 0) {
      raise(PolicyAlarm.Kind.WEAKENED, before, after.text());
    }
    Set<MxPattern> lost = new HashSet<>(before.mx());
    after.mx().forEach(lost::remove);
    if (!lost.isEmpty() && after.strength() != Strength.NOTHING) {
      raise(PolicyAlarm.Kind.MX_REMOVED, before, after.text());
    }
  }

  /** A domain no longer announces the policy that is kept, and holds on. */
  void vanished(KnownPolicy kept, String reason) {
    boolean told;
    synchronized (vanished) {
      told = !vanished.add(new Told(kept.domain(), kept.slot(), kept.fetchedAt()));
    }
    if (!told) {
      raise(PolicyAlarm.Kind.VANISHED, kept, reason);
    }
  }

  private void raise(PolicyAlarm.Kind kind, KnownPolicy before, String after) {
    PolicyAlarm alarm =
        new PolicyAlarm(before.domain(), kind, before.text(), after, clock.instant());
    if (alarms.add(alarm)) {
      log.warn(
          "downgrade alarm: the policy of {} is {}; it was \"{}\", now \"{}\"",
          before.domain(),
          kind.words(),
          shown(before.text()),
          shown(after));
    }
  }

  /** A stranger's text as one line. */
  private static String shown(String text) {
    String head = text.substring(0, Math.min(500, text.length())).strip();
    return head.replaceAll("\\R", " | ").replaceAll("[^\\x20-\\x7e]", "?");
  }
}
