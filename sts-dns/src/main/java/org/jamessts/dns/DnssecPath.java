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
 * have to be proven. Safe for use by many threads.
 */
final class DnssecPath implements Upstream {

  private static final Logger LOG = LoggerFactory.getLogger(DnssecPath.class);
  private static final Duration WHILE_ABLE = Duration.ofHours(1);
  private static final Duration WHILE_UNABLE = Duration.ofMinutes(1);
  private static final Duration TIME = Duration.ofSeconds(10);

  private final Dnssec dnssec;
  private final Upstream proving;
  private final Upstream plain;
  private final Clock clock;
  private final Runnable onChange;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile Instant next = Instant.MIN;

  /**
   * @param dnssec what is wanted
   * @param proving answers with proofs
   * @param plain answers without
   * @param clock tells when to test again
   * @param onChange is run when answers are no longer what they were
   */
  DnssecPath(Dnssec dnssec, Upstream proving, Upstream plain, Clock clock, Runnable onChange) {
    this.dnssec = dnssec;
    this.proving = proving;
    this.plain = plain;
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
    return trouble.isEmpty() || dnssec.onUnable() == Dnssec.OnUnable.DEFER;
  }

  /** Why nothing can be proven, if that is so. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Tests the way if the last test was an hour ago; a minute, where it failed. */
  synchronized void testWhenDue() {
    if (clock.instant().isBefore(next)) {
      return;
    }
    Optional<String> before = trouble;
    Optional<String> now = test();
    trouble = now;
    next = clock.instant().plus(now.isEmpty() ? WHILE_ABLE : WHILE_UNABLE);
    if (before.isPresent() != now.isPresent()) {
      tell(now);
      onChange.run();
    }
  }

  private void tell(Optional<String> now) {
    if (now.isEmpty()) {
      LOG.info("DNSSEC works now");
    } else if (dnssec.onUnable() == Dnssec.OnUnable.DEFER) {
      LOG.warn("{}; mail to signed domains waits (dnssec.onUnable=defer)", now.get());
    } else {
      LOG.warn("{}; until it works, DANE is off (dnssec.onUnable=degrade)", now.get());
    }
  }

  private Optional<String> test() {
    Deadline deadline = Deadline.after(TIME);
    return proof(Type.SOA, deadline).or(() -> proof(Type.TLSA, deadline));
  }

  private Optional<String> proof(int type, Deadline deadline) {
    DnsQuestion question = new DnsQuestion(dnssec.anchors().zone(), type);
    String what =
        "DNSSEC does not work with these name servers: the answer to %s of %s "
            .formatted(Type.string(type), question.name());
    try {
      Proven answer = proving.ask(question.toRecord(), deadline);
      return answer.security() == Security.SECURE
          ? Optional.empty()
          : Optional.of(what + "comes without proof");
    } catch (DnsFailureException e) {
      return Optional.of(what + "is none (" + e.detail() + ")");
    }
  }
}
