package org.jamessts.https;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;

/**
 * The switch by which a watcher ends a conversation at its deadline. A socket timeout would not do:
 * it starts anew with every octet, and a peer may send one a minute for ever. To close the socket
 * ends whatever waits on it: connecting, handshake, reading, writing.
 */
final class CutOff {

  private Optional<Socket> socket = Optional.empty();
  private boolean over;

  /**
   * Puts a socket under the switch.
   *
   * @throws SocketException when the switch was thrown already; the socket is then closed
   */
  synchronized void guard(Socket guarded) throws SocketException {
    if (over) {
      close(guarded);
      throw new SocketException("the time is over");
    }
    socket = Optional.of(guarded);
  }

  /** Ends the conversation now, and every later one. */
  synchronized void cut() {
    over = true;
    socket.ifPresent(CutOff::close);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is as closed as it gets.
    }
  }
}
