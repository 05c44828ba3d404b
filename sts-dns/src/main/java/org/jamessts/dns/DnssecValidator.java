package org.jamessts.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.dnssec.ValidatingResolver;

/**
 * Has dnsjava validate each answer from the trust anchors down (RFC 4035 §5). Safe for use by many
 * threads.
 */
final class DnssecValidator implements Upstream {

  private final Validation.Source source;
  private final KeyMessages keys;
  private final ValidatingResolver validator;
  private final Clock clock;
  private final Guards guards;

  /**
   * @param source asks with the DO and CD bits
   * @param anchors with which every proof begins
   * @param clock tells whether a signature holds now
   */
  DnssecValidator(Validation.Source source, DnssecAnchors anchors, Clock clock, Guards guards) {
    this.source = source;
    this.clock = clock;
    this.guards = guards;
    this.keys = new KeyMessages(this::relevant, clock);
    this.validator = new ValidatingResolver(new ValidationQuestions(), clock);
    try {
      validator.init(bounds());
      // It has those of a system property, if that is set.
      validator.getTrustAnchors().clear();
      validator.loadTrustAnchors(new ByteArrayInputStream(anchors.octets()));
    } catch (IOException e) {
      throw new IllegalStateException("anchors that were parsed are anchors", e);
    }
  }

  private static Properties bounds() {
    Properties bounds = new Properties();
    // It gives up the oldest first, which are those of the root and the top-level domains.
    bounds.setProperty("dnsjava.dnssec.keycache.max_size", "5000");
    // RFC 9276 §3.2: zones with more count as unsigned. Other validators have the same limit.
    for (int keySize : new int[] {1024, 2048, 4096}) {
      bounds.setProperty("dnsjava.dnssec.nsec3.iterations." + keySize, "50");
    }
    // RFC 6840 §5.11: one valid path is enough. Else a DS record left over from another algorithm
    // would make the zone bogus. The same switch would prefer the strongest digest (RFC 4509 §3);
    // but nobody can find another key for a given digest, even of SHA-1.
    bounds.setProperty("dnsjava.dnssec.harden_algo_downgrade", "false");
    return bounds;
  }

  private Message relevant(DnsQuestion question, Deadline deadline) throws DnsFailureException {
    return RelevantRecords.of(source.ask(question, deadline), guards);
  }

  @Override
  public Proven ask(Record question, Deadline deadline) throws DnsFailureException {
    DnsQuestion wanted = new DnsQuestion(question.getName(), question.getType());
    Attempt first = new Attempt(wanted, deadline);
    if (first.disproof().isEmpty()) {
      return first.proven();
    }
    // One forged datagram must not have the last word, nor one that was kept.
    keys.forget(first.validation.asked());
    Attempt second = new Attempt(wanted, deadline);
    Optional<String> disproof = second.disproof();
    if (disproof.isEmpty()) {
      return second.proven();
    }
    if (!guards.stand(Guard.BOGUS_IS_NO_ANSWER)
        || (second.saysNothing() && isInUnsignedZone(wanted, deadline))) {
      return new Proven(second.original(), Security.INSECURE);
    }
    throw new DnsFailureException(
        Failure.BOGUS,
        "%s of %s is disproved by DNSSEC: %s"
            .formatted(Type.string(wanted.type()), wanted.name().toString(true), disproof.get()));
  }

  /**
   * Some servers answer "no such record" with an empty message. dnsjava finds no proof in it and
   * calls it bogus, also of a zone that is not signed and has nothing to prove.
   */
  private boolean isInUnsignedZone(DnsQuestion question, Deadline deadline)
      throws DnsFailureException {
    Attempt zone = new Attempt(new DnsQuestion(question.name(), Type.SOA), deadline);
    boolean isAlias =
        zone.original().getSection(Section.ANSWER).stream()
            .anyMatch(record -> record.getType() == Type.CNAME || record.getType() == Type.DNAME);
    return zone.disproof().isEmpty() && zone.proven().security() == Security.INSECURE && !isAlias;
  }

  /** One question and its validation. */
  private final class Attempt {
    private final Validation validation;
    private final Message result;
    private Optional<Message> original = Optional.empty();

    Attempt(DnsQuestion wanted, Deadline deadline) throws DnsFailureException {
      this.validation =
          new Validation(
              (question, until) -> {
                if (!question.equals(wanted)) {
                  return keys.get(question, until);
                }
                Message answer = relevant(question, until);
                original = Optional.of(answer);
                return answer;
              },
              deadline);
      this.result =
          validation.await(validator.sendAsync(Message.newQuery(wanted.toRecord()), validation));
      boolean proven = result.getHeader().getFlag(Flags.AD);
      if (!proven && guards.stand(Guard.NO_PROOF_IS_NO_ANSWER)) {
        refuseUnchecked();
      }
    }

    /** What dnsjava could not check to the end it gives back as if it were unsigned. */
    private void refuseUnchecked() throws DnsFailureException {
      if (validation.failure().isPresent()) {
        throw validation.failure().get();
      }
      boolean optOut =
          result.getSection(Section.AUTHORITY).stream()
              .anyMatch(record -> record.getType() == Type.NSEC3);
      if (disproof().isEmpty() && reason().isEmpty() && !optOut) {
        throw new DnsFailureException(Failure.MALFORMED, "an answer that cannot be validated");
      }
    }

    /** Why DNSSEC disproves the answer, if it does. */
    Optional<String> disproof() {
      int rcode = result.getRcode();
      return rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN
          ? Optional.empty()
          : Optional.of(plainReason());
    }

    /** What dnsjava says in words quotes whole messages; its code says enough (RFC 8914 §4). */
    private String plainReason() {
      int code =
          Stream.ofNullable(result.getOPT())
              .flatMap(opt -> opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).stream())
              .mapToInt(option -> ((ExtendedErrorCodeOption) option).getErrorCode())
              .findFirst()
              .orElse(ExtendedErrorCodeOption.DNSSEC_BOGUS);
      return switch (code) {
        case ExtendedErrorCodeOption.DNSKEY_MISSING -> "the keys of its zone do not prove it";
        case ExtendedErrorCodeOption.RRSIGS_MISSING -> "a signature is missing";
        case ExtendedErrorCodeOption.NSEC_MISSING -> "the proof of absence is missing";
        default -> wrongDates().orElse("a signature or a proof is wrong");
      };
    }

    private Optional<String> wrongDates() {
      Instant now = clock.instant();
      for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
        for (Record record : original().getSection(section)) {
          if (record instanceof RRSIGRecord signature && now.isAfter(signature.getExpire())) {
            return Optional.of("a signature has expired");
          }
          if (record instanceof RRSIGRecord signature && now.isBefore(signature.getTimeSigned())) {
            return Optional.of("a signature is not valid yet");
          }
        }
      }
      return Optional.empty();
    }

    private String reason() {
      return result.getSection(Section.ADDITIONAL).stream()
          .filter(record -> record.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS)
          .filter(TXTRecord.class::isInstance)
          .flatMap(record -> ((TXTRecord) record).getStrings().stream())
          .collect(Collectors.joining());
    }

    Proven proven() {
      return new Proven(
          result, result.getHeader().getFlag(Flags.AD) ? Security.SECURE : Security.INSECURE);
    }

    /** Whether the answer is empty but for its response code. */
    boolean saysNothing() {
      return original().getSection(Section.ANSWER).isEmpty()
          && original().getSection(Section.AUTHORITY).isEmpty();
    }

    Message original() {
      return original.orElse(result);
    }
  }
}
