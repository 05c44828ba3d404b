package org.jamessts.bench.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jamessts.x509.UnjudgedTls;

/**
 * How many mails a second a {@link FastSink} takes over kept connections: from clients that have
 * every octet ready, on the same machine, whose work is part of the figure.
 */
final class SinkLimit {

  private static final int CONNECTIONS = 8;

  private final InetSocketAddress address;
  private final byte[] commands =
      octets("RSET\r\nMAIL FROM:<alice@ours.test>\r\nRCPT TO:<bob@d0.bench.test>\r\nDATA\r\n");
  private final byte[] content;

  SinkLimit(InetSocketAddress address, int octets) {
    this.address = address;
    this.content = octets("Subject: x\r\n\r\n" + "x".repeat(octets) + "\r\n.\r\n");
  }

  /** Mails a second, of so many. */
  double measure(FastSink sink, int mails) throws Exception {
    FastSink.Marks marks = sink.count(mails / 5, mails, Duration.ZERO);
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Thread client = new Thread(() -> send(mails / CONNECTIONS + 1), "sink-limit");
      client.setDaemon(true);
      client.start();
      clients.add(client);
    }
    marks.awaitFirst();
    long begin = System.nanoTime();
    marks.awaitLast();
    double seconds = (System.nanoTime() - begin) / 1e9;
    for (Thread client : clients) {
      client.join();
    }
    return (mails - mails / 5) / seconds;
  }

  private void send(int mails) {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      socket.setTcpNoDelay(true);
      InputStream clear = socket.getInputStream();
      replies(clear, 1);
      socket.getOutputStream().write(octets("EHLO x\r\n"));
      replies(clear, 1);
      socket.getOutputStream().write(octets("STARTTLS\r\n"));
      replies(clear, 1);
      SSLSocket tls =
          (SSLSocket)
              UnjudgedTls.context()
                  .getSocketFactory()
                  .createSocket(socket, "localhost", socket.getPort(), true);
      tls.startHandshake();
      InputStream in = tls.getInputStream();
      OutputStream out = tls.getOutputStream();
      out.write(octets("EHLO x\r\n"));
      replies(in, 1);
      for (int i = 0; i < mails; i++) {
        out.write(commands);
        replies(in, 4);
        out.write(content);
        replies(in, 1);
      }
      out.write(octets("QUIT\r\n"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads so many replies: last lines have a space after the code. */
  private static void replies(InputStream in, int count) throws IOException {
    int left = count;
    while (left > 0) {
      int column = 0;
      boolean last = false;
      for (int octet = in.read(); octet != '\n'; octet = in.read()) {
        if (octet < 0) {
          throw new IOException("the sink has hung up");
        }
        last |= column == 3 && octet == ' ';
        column++;
      }
      left -= last ? 1 : 0;
    }
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
