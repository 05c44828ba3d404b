package org.jamessts.dns;

import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.guard.Guards;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * What {@link DnsJavaResolver} does between its cache and its sockets, for a test that plays the
 * servers: it gets the octets of each query and gives those of the answer.
 */
public final class OctetsDns {

  /** Nobody waits for anything here: whoever needs so long waits for something that never comes. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final DnsLookup proving;
  private final DnsLookup unproven;

  /**
   * Lookups.
   *
   * @param server makes an answer of a query
   * @param anchors DS records in the form of a master file
   * @param clock tells whether signatures hold
   */
  public OctetsDns(UnaryOperator<byte[]> server, String anchors, Clock clock) {
    Validation.Source source = (question, deadline) -> ask(server, question);
    Upstream validator = new DnssecValidator(source, parsed(anchors), clock, Guards.ALL);
    Upstream plain =
        (question, deadline) ->
            new Upstream.Proven(
                ask(server, new DnsQuestion(question.getName(), question.getType())),
                Security.INSECURE);
    this.proving = new DnsLookup(validator, TIMEOUT, clock);
    this.unproven = new DnsLookup(plain, TIMEOUT, clock);
  }

  private static DnssecAnchors parsed(String anchors) {
    try {
      return DnssecAnchors.parse(anchors);
    } catch (InvalidAnchorsException e) {
      throw new IllegalArgumentException(anchors, e);
    }
  }

  private static Message ask(UnaryOperator<byte[]> server, DnsQuestion question)
      throws DnsFailureException {
    Message query = DnsExchange.query(question.toRecord(), Dnssec.Mode.VALIDATE);
    Message answer = DnsExchange.read(query, server.apply(query.toWire()));
    if (answer.getHeader().getFlag(Flags.TC)) {
      throw new DnsFailureException(Failure.MALFORMED, "an answer truncated even over TCP");
    }
    return DnsTransport.usable(answer);
  }

  /** The answer as DNSSEC proves it. */
  public DnsReply<?> proven(String name, String type) {
    return read(proving, name, type);
  }

  /** The answer without a look at proofs. */
  public DnsReply<?> unproven(String name, String type) {
    return read(unproven, name, type);
  }

  private static DnsReply<?> read(DnsLookup lookup, String name, String type) {
    DnsReply<Record> reply = lookup.find(new DnsQuestion(name(name), Type.value(type)));
    return switch (type) {
      case "A" -> reply.map(DnsJavaResolver::toInet4);
      case "AAAA" -> reply.map(DnsJavaResolver::toInet6);
      case "CNAME" -> reply.map(DnsJavaResolver::toTarget);
      case "MX" -> reply.map(DnsJavaResolver::toMx);
      case "TLSA" -> reply.map(DnsJavaResolver::toTlsa);
      case "TXT" -> reply.map(DnsJavaResolver::toText);
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
