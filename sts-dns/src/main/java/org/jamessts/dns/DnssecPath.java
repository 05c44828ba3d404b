package org.jamessts.dns;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jamessts.dns.DnsAnswer.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Whether the way to the DNS lets proofs through. Some forwarders leave signatures out; behind one
 * everything that is signed looks forged, and all mail to signed domains would wait. So the zone of
 * the trust anchors is asked for a record that exists and for one that does not, and both answers
 * have to be proven. Where the zone does not answer at all, that says nothing of proofs: whoever
 * can keep answers from us must not switch them off so. Safe for use by many threads.
 */
final class DnssecPath implements Upstream {

  private static final Logger LOG = LoggerFactory.getLogger(DnssecPath.class);
  private static final Duration WHILE_ABLE = Duration.ofHours(1);
  private static final Duration WHILE_UNABLE = Duration.ofMinutes(1);
  private static final Duration TIME = Duration.ofSeconds(5);

  private final Dnssec dnssec;
  private final Upstream proving;
  private final Upstream plain;
  private final Upstream tested;
  private final Clock clock;
  private final Runnable onChange;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile boolean able = true;
  private volatile Instant next = Instant.MIN;

  /**
   * @param dnssec what is wanted
   * @param proving answers with proofs
   * @param plain answers without
   * @param tested answers with proofs, by the same way, whatever else is asked meanwhile
   * @param clock tells when to test again
   * @param onChange is run when answers are no longer what they were
   */
  DnssecPath(
      Dnssec dnssec,
      Upstream proving,
      Upstream plain,
      Upstream tested,
      Clock clock,
      Runnable onChange) {
    this.dnssec = dnssec;
    this.proving = proving;
    this.plain = plain;
    this.tested = tested;
    this.clock = clock;
    this.onChange = onChange;
  }

  @Override
  public Proven ask(Record question, Deadline deadline) throws DnsFailureException {
    if (next.equals(Instant.MIN)) {
      testWhenDue();
    }
    return (proves() ? proving : plain).ask(question, deadline);
  }

  /** Whether answers come with proofs now. */
  boolean proves() {
    return able || dnssec.onUnable() == Dnssec.OnUnable.DEFER;
  }

  /** Why nothing can be proven, if that is so or nobody can tell. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Tests the way if the last test was an hour ago; a minute, where it failed. */
  synchronized void testWhenDue() {
    if (clock.instant().isBefore(next)) {
      return;
    }
    Optional<String> unproven = test();
    boolean unanswered = unproven.isPresent() && !answers();
    if (!unanswered && able == unproven.isPresent()) {
      able = unproven.isEmpty();
      tell(unproven);
      onChange.run();
    }
    trouble = unproven;
    next = clock.instant().plus(unproven.isEmpty() ? WHILE_ABLE : WHILE_UNABLE);
  }

  private void tell(Optional<String> unproven) {
    if (unproven.isEmpty()) {
      LOG.info("DNSSEC works now");
    } else if (dnssec.onUnable() == Dnssec.OnUnable.DEFER) {
      LOG.warn("{}; mail to signed domains waits (dnssec.onUnable=defer)", unproven.get());
    } else {
      LOG.warn("{}; until it works, DANE is off (dnssec.onUnable=degrade)", unproven.get());
    }
  }

  private Optional<String> test() {
    Deadline deadline = Deadline.after(TIME);
    return proof(Type.SOA, deadline).or(() -> proof(Type.TLSA, deadline));
  }

  private boolean answers() {
    try {
      plain.ask(question(Type.SOA), Deadline.after(TIME));
      return true;
    } catch (DnsFailureException e) {
      return false;
    }
  }

  private Record question(int type) {
    return new DnsQuestion(dnssec.anchors().zone(), type).toRecord();
  }

  private Optional<String> proof(int type, Deadline deadline) {
    String what =
        "DNSSEC does not work with these name servers: the answer to %s of %s "
            .formatted(Type.string(type), dnssec.anchors().zone());
    try {
      Proven answer = tested.ask(question(type), deadline);
      return answer.security() == Security.SECURE
          ? Optional.empty()
          : Optional.of(what + "comes without proof");
    } catch (DnsFailureException e) {
      return Optional.of(what + "is none (" + e.detail() + ")");
    }
  }
}
