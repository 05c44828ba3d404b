package org.jamessts.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports of the loopback interface on which nobody listens. */
public final class FreePorts {

  private FreePorts() {}

  /**
   * Chooses ports that differ from each other. They are free now; that nobody takes one before its
   * user does is likely, not certain.
   */
  public static List<Integer> choose(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, loopback));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
