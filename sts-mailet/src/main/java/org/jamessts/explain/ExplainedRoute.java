package org.jamessts.explain;

import java.util.List;
import org.jamessts.dns.MxLookup;

/**
 * Where mail goes next.
 *
 * @param nextHop the domain, or a gateway
 * @param port the TCP port of its hosts
 * @param answer {@code hosts}, {@code null-mx}, {@code no-such-domain}, {@code unusable} or {@code
 *     failed}
 * @param security whether DNSSEC proves the list: {@code secure} or {@code insecure}; else empty
 * @param hosts in the order in which they are tried, the first 20
 * @param detail what else is to be said
 */
public record ExplainedRoute(
    String nextHop, int port, String answer, String security, List<String> hosts, String detail) {

  /** A route in texts. */
  public static ExplainedRoute of(String nextHop, int port, MxLookup route) {
    if (route instanceof MxLookup.Hosts found) {
      return new ExplainedRoute(
          nextHop,
          port,
          "hosts",
          DnsStep.word(found.security()),
          Shown.texts(found.hosts(), host -> host.preference() + " " + host.name()),
          found.implicit() ? "without MX records, the name itself is the host" : "");
    }
    return without(nextHop, port, route);
  }

  private static ExplainedRoute without(String nextHop, int port, MxLookup route) {
    String answer = "no-such-domain";
    String detail = "";
    if (route instanceof MxLookup.NullMx) {
      answer = "null-mx";
    } else if (route instanceof MxLookup.Unusable unusable) {
      answer = "unusable";
      detail = unusable.detail();
    } else if (route instanceof MxLookup.Failed failed) {
      answer = "failed";
      detail = failed.detail();
    }
    return new ExplainedRoute(nextHop, port, answer, "", List.of(), Shown.text(detail));
  }
}
