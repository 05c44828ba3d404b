package org.jamessts.delivery;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jamessts.decide.Channel;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.SessionPeers;

/**
 * What was seen of a session, or of the attempt to have one.
 *
 * @param peers its ends
 * @param channel what became of TLS
 * @param banner how the host greeted, if it has
 */
record Seen(SessionPeers peers, Channel channel, Optional<String> banner) {

  /** A host with which there was no conversation. */
  static Seen withoutConversation(DomainName host, InetAddress address, Channel channel) {
    return new Seen(SessionPeers.unconnected(host, address), channel, Optional.empty());
  }

  /** What the host showed: it had heard nothing of any mail by then. */
  Optional<ForensicDetails> details() {
    List<X509Certificate> chain =
        channel instanceof Channel.Encrypted tls ? tls.facts().certificate().chain() : List.of();
    return ForensicDetails.of(banner, chain);
  }
}
