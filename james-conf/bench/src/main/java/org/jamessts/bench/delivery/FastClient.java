package org.jamessts.bench.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jamessts.x509.UnjudgedTls;

/**
 * Sends equal mails to a server over a few kept connections, as fast as it takes them: every octet
 * is ready, and the commands of a mail are one write.
 */
final class FastClient {

  private final InetSocketAddress address;
  private final boolean inTls;
  private final byte[] commands =
      octets("RSET\r\nMAIL FROM:<alice@ours.test>\r\nRCPT TO:<bob@d0.bench.test>\r\nDATA\r\n");
  private final byte[] content;

  /**
   * @param inTls begun with STARTTLS
   * @param octets of each mail
   */
  FastClient(InetSocketAddress address, boolean inTls, int octets) {
    this.address = address;
    this.inTls = inTls;
    this.content = octets("Subject: x\r\n\r\n" + "x".repeat(octets) + "\r\n.\r\n");
  }

  /**
   * Begins to send.
   *
   * @param mails of all connections together, or a few more
   * @return the threads that do it, which end when all are sent
   */
  List<Thread> send(int mails, int connections) {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Thread client = new Thread(() -> send(mails / connections + 1), "fast-client");
      client.setDaemon(true);
      client.start();
      clients.add(client);
    }
    return clients;
  }

  private void send(int mails) {
    try (Socket socket = connected();
        Socket session = inTls ? inTls(socket) : socket) {
      InputStream in = session.getInputStream();
      OutputStream out = session.getOutputStream();
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

  private Socket connected() throws IOException {
    Socket socket = new Socket();
    socket.connect(address);
    socket.setTcpNoDelay(true);
    replies(socket.getInputStream(), 1);
    return socket;
  }

  private static Socket inTls(Socket socket) throws IOException {
    InputStream clear = socket.getInputStream();
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
    return tls;
  }

  /** Reads so many replies: last lines have a space after the code. */
  private static void replies(InputStream in, int count) throws IOException {
    int left = count;
    while (left > 0) {
      int column = 0;
      boolean last = false;
      for (int octet = in.read(); octet != '\n'; octet = in.read()) {
        if (octet < 0) {
          throw new IOException("the server has hung up");
        }
        if (column == 0 && octet > '3') {
          throw new IOException("the server refuses");
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
