package org.jamessts.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.dnssec.ValidatingResolver;

/** Asks a {@link PrivateDns}, with the validator of dnsjava or without. */
final class DnssecClient {

  static final int DO = ExtendedFlags.DO;

  private final PrivateDns dns;

  DnssecClient(PrivateDns dns) {
    this.dns = dns;
  }

  /** What a validator with the trust anchor says, for example {@code secure NXDOMAIN}. */
  String validate(String name, String type) throws IOException {
    ValidatingResolver validator = new ValidatingResolver(resolver());
    validator.loadTrustAnchors(
        new ByteArrayInputStream(dns.trustAnchor().getBytes(StandardCharsets.US_ASCII)));
    Message answer = validator.send(query(name, type));
    return (isAuthentic(answer) ? "secure " : "insecure ") + Rcode.string(answer.getRcode());
  }

  /**
   * The answer as it comes.
   *
   * @param ednsFlags {@link #DO}, or 0
   * @param headerFlag a flag of {@link Flags} more in the query
   */
  Message ask(String name, String type, int ednsFlags, int headerFlag) throws IOException {
    SimpleResolver resolver = resolver();
    resolver.setEDNS(0, PrivateDns.UDP_LARGEST, ednsFlags);
    Message query = query(name, type);
    query.getHeader().setFlag(headerFlag);
    return resolver.send(query);
  }

  /** The answer to a query that knows no EDNS. */
  Message askWithoutEdns(String name, String type) throws IOException {
    SimpleResolver resolver = resolver();
    resolver.setEDNS(-1);
    return resolver.send(query(name, type));
  }

  static boolean isAuthentic(Message answer) {
    return answer.getHeader().getFlag(Flags.AD);
  }

  private SimpleResolver resolver() {
    SimpleResolver resolver = new SimpleResolver(dns.address());
    resolver.setTimeout(Duration.ofSeconds(5));
    return resolver;
  }

  private static Message query(String name, String type) {
    return Message.newQuery(Record.newRecord(DnsText.name(name), DnsText.type(type), DClass.IN));
  }
}
