package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimedInputTest {

  @Test
  void deadlineShouldHoldAgainstAPeerThatDrips() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket peer = server.accept()) {
      Thread dripping = new Thread(() -> drip(peer));
      dripping.setDaemon(true);
      dripping.start();
      Instant start = Instant.now();
      InputStream input = new TimedInput(client, Deadline.after(Duration.ofMillis(500)));
      assertThatThrownBy(() -> input.readNBytes(65535)).isInstanceOf(SocketTimeoutException.class);
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
  }

  private static void drip(Socket peer) {
    try {
      while (true) {
        peer.getOutputStream().write(0);
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      // The test is over.
    }
  }
}
