package org.jamessts.testing;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The sockets of a {@link PrivateDns}: UDP and TCP on one port. */
final class DnsListener implements Closeable {

  private static final int BIND_ATTEMPTS = 50;

  /** The system's own choice holds a few hundred questions, and drops those that come then. */
  private static final int UDP_BUFFER = 1 << 20;

  /** Turns the octets of a query into those of the answers. */
  @FunctionalInterface
  interface Answers {

    /** The messages to send, one after the other; none for silence. */
    List<byte[]> answer(byte[] query, boolean overTcp);
  }

  private final Answers answers;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "private-dns");
            thread.setDaemon(true);
            return thread;
          });
  private final ServerSocket tcp;
  private final DatagramSocket udp;

  private DnsListener(Answers answers, ServerSocket tcp, DatagramSocket udp) {
    this.answers = answers;
    this.tcp = tcp;
    this.udp = udp;
  }

  /** Listens on this address and a port that is free for both. */
  static DnsListener open(InetAddress address, Answers answers) {
    for (int attempt = 1; ; attempt++) {
      try {
        ServerSocket tcp = new ServerSocket(0, 50, address);
        try {
          DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), address);
          udp.setReceiveBufferSize(UDP_BUFFER);
          DnsListener listener = new DnsListener(answers, tcp, udp);
          listener.threads.execute(listener::acceptTcp);
          listener.threads.execute(listener::receiveUdp);
          return listener;
        } catch (BindException e) {
          // The port is free for TCP only: take another.
          tcp.close();
          if (attempt == BIND_ATTEMPTS) {
            throw e;
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort());
  }

  @Override
  public void close() {
    udp.close();
    closeQuietly(tcp);
    connections.forEach(DnsListener::closeQuietly);
    threads.shutdownNow();
  }

  private void receiveUdp() {
    while (!udp.isClosed()) {
      DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
      try {
        udp.receive(packet);
        threads.execute(() -> answerUdp(packet));
      } catch (IOException e) {
        // Closed, or a client that went away (ICMP port unreachable): the loop condition decides.
      }
    }
  }

  private void answerUdp(DatagramPacket packet) {
    byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
    for (byte[] answer : answers.answer(query, false)) {
      try {
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        // The server or the client has gone: nobody waits for this answer.
      }
    }
  }

  private void acceptTcp() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        connections.add(socket);
        threads.execute(() -> serveTcp(socket));
      } catch (IOException e) {
        // Closed: the loop condition decides.
      }
    }
  }

  private void serveTcp(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        byte[] query = in.readNBytes(in.readUnsignedShort());
        List<byte[]> messages = answers.answer(query, true);
        if (messages.isEmpty()) {
          return;
        }
        for (byte[] answer : messages) {
          out.write(
              ByteBuffer.allocate(answer.length + 2)
                  .putShort((short) answer.length)
                  .put(answer)
                  .array());
        }
      }
    } catch (IOException e) {
      // The client has closed, or the server closes.
    } finally {
      connections.remove(socket);
    }
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // Closed is what we want.
    }
  }
}
