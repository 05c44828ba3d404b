package org.jamessts.smtp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/**
 * Dials from this machine, from chosen local addresses where an operator has named them.
 *
 * @param bindIpv4 the local address for connections to IPv4 peers; empty leaves it to the system
 * @param bindIpv6 the same for IPv6 peers
 */
public record SocketDialer(Optional<Inet4Address> bindIpv4, Optional<Inet6Address> bindIpv6)
    implements Dialer {

  /** Dials from whatever address the system chooses. */
  public static SocketDialer unbound() {
    return new SocketDialer(Optional.empty(), Optional.empty());
  }

  @Override
  public Socket dial(InetSocketAddress peer, Duration timeout) throws IOException {
    // Not obeying the JVM's SOCKS settings: the address was checked, a proxy would have its own.
    Socket socket = new Socket(Proxy.NO_PROXY);
    try {
      Optional<? extends InetAddress> local =
          peer.getAddress() instanceof Inet6Address ? bindIpv6 : bindIpv4;
      if (local.isPresent()) {
        socket.bind(new InetSocketAddress(local.get(), 0));
      }
      // Zero would mean "for ever".
      socket.connect(peer, (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE)));
      // Commands are written a group at a time: waiting to fill a packet only costs a round trip.
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }
}
