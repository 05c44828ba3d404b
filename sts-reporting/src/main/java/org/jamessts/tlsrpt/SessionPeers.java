package org.jamessts.tlsrpt;

import java.net.InetAddress;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * Who talked to whom in a failed session, as far as it came (RFC 8460 §4.4).
 *
 * @param sendingIp {@code sending-mta-ip}: our address, once connected
 * @param receivingMx {@code receiving-mx-hostname}: the name in the MX record; none when no host
 *     was involved
 * @param receivingIp {@code receiving-ip}: the address that was contacted, if any was
 * @param receivingHelo {@code receiving-mx-helo}: how the host calls itself, if it has said so; 1
 *     to 255 printable ASCII characters
 */
public record SessionPeers(
    Optional<InetAddress> sendingIp,
    Optional<DomainName> receivingMx,
    Optional<InetAddress> receivingIp,
    Optional<String> receivingHelo) {

  /** No host was involved. */
  public static final SessionPeers NONE =
      new SessionPeers(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** A host that was not contacted. */
  public static SessionPeers host(DomainName receivingMx) {
    return new SessionPeers(
        Optional.empty(), Optional.of(receivingMx), Optional.empty(), Optional.empty());
  }

  /** A host with which there was no conversation. */
  public static SessionPeers unconnected(DomainName receivingMx, InetAddress receivingIp) {
    return new SessionPeers(
        Optional.empty(), Optional.of(receivingMx), Optional.of(receivingIp), Optional.empty());
  }
}
