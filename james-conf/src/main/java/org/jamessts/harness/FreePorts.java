package org.jamessts.harness;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback interface on which nobody listens. */
public final class FreePorts {

  /** Below those that systems give to connections and to whoever asks for any port. */
  private static final int LOWEST = 16_384;

  private static final int HIGHEST = 32_767;

  private FreePorts() {}

  /**
   * Chooses ports that differ from each other. They are free now; that nobody takes one before its
   * user does is likely, not certain.
   */
  public static List<Integer> choose(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      while (sockets.size() < count) {
        int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
        try {
          sockets.add(new ServerSocket(port, 1, loopback));
        } catch (BindException e) {
          // Somebody's.
        }
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
