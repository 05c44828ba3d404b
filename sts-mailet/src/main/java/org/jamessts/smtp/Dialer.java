package org.jamessts.smtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Opens TCP connections. {@link SocketDialer} is the real one. */
@FunctionalInterface
public interface Dialer {

  /**
   * Connects.
   *
   * @param peer a resolved address
   * @param timeout how long the peer may take to answer
   * @return a connected socket, owned by the caller
   * @throws IOException when there is no connection; nothing is left open
   */
  Socket dial(InetSocketAddress peer, Duration timeout) throws IOException;
}
