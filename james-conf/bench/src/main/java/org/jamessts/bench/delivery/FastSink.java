package org.jamessts.bench.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jamessts.threads.DaemonThreads;

/**
 * An SMTP server with STARTTLS and PIPELINING that takes every mail as fast as it can, counts it
 * and forgets it. A thread for each connection; commands are told apart by their first letters, and
 * content is only searched for its end.
 */
final class FastSink implements AutoCloseable {

  /** Of a run that does not end, nobody would learn why. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final int BACKLOG = 1_000;
  private static final int BUFFER = 32 * 1024;
  private static final byte[] END = "\r\n.\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] GREETING = line("220 sink ESMTP");
  private static final byte[] HELLO_CLEAR =
      line("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 STARTTLS");
  private static final byte[] HELLO_TLS = line("250-sink\r\n250-PIPELINING\r\n250 8BITMIME");
  private static final byte[] OK = line("250 2.0.0 ok");
  private static final byte[] GO = line("354 go");
  private static final byte[] READY = line("220 2.0.0 ready");
  private static final byte[] BYE = line("221 2.0.0 bye");
  private static final byte[] UNKNOWN = line("500 5.5.1 what");

  private final List<ServerSocket> listeners = new ArrayList<>();
  private final Executor threads = DaemonThreads.perTask("sink");
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final SSLContext context;
  private final AtomicLong mails = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong handshakes = new AtomicLong();
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong mostAtOnce = new AtomicLong();
  private volatile Duration pause = Duration.ZERO;
  private volatile Marks marks = new Marks();

  /** Moments, by how many mails have come. */
  static final class Marks {
    private final long[] counts;
    private final List<CountDownLatch> moments;

    private Marks(long... counts) {
      this.counts = counts.clone();
      this.moments = LongStream.of(counts).mapToObj(count -> new CountDownLatch(1)).toList();
    }

    private void came(long count) {
      int moment = Arrays.binarySearch(counts, count);
      if (moment >= 0) {
        moments.get(moment).countDown();
      }
    }

    /**
     * Waits for one of the moments.
     *
     * @param number from 0
     * @throws TimeoutException when it does not come
     */
    void await(int number) throws InterruptedException, TimeoutException {
      if (!moments.get(number).await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new TimeoutException(counts[number] + " mails have not come within " + PATIENCE);
      }
    }
  }

  /** Listens at some addresses: others on the same port may be tarpits. */
  FastSink(List<InetSocketAddress> addresses, SSLContext context) throws IOException {
    this.context = context;
    for (InetSocketAddress address : addresses) {
      ServerSocket listener = new ServerSocket();
      listeners.add(listener);
      listener.bind(address, BACKLOG);
      threads.execute(() -> accept(listener));
    }
  }

  /**
   * Begins to count anew.
   *
   * @param pauseBeforeReply to each content
   * @param counts of mails, in ascending order, to wait for
   */
  Marks count(Duration pauseBeforeReply, long... counts) {
    pause = pauseBeforeReply;
    mails.set(0);
    mostAtOnce.set(0);
    connections.set(0);
    handshakes.set(0);
    Marks begun = new Marks(counts);
    marks = begun;
    return begun;
  }

  long connections() {
    return connections.get();
  }

  /** How many contents waited for their reply at the same moment. */
  long mostAtOnce() {
    return mostAtOnce.get();
  }

  long handshakes() {
    return handshakes.get();
  }

  private void accept(ServerSocket listener) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        // Closed: the loop ends.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      new Session(socket).run();
    } catch (IOException e) {
      // The client has hung up.
    } finally {
      sockets.remove(socket);
    }
  }

  private void rest() throws IOException {
    mostAtOnce.accumulateAndGet(waiting.incrementAndGet(), Math::max);
    try {
      if (!pause.isZero()) {
        Thread.sleep(pause.toMillis());
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      waiting.decrementAndGet();
    }
  }

  private void received() {
    marks.came(mails.incrementAndGet());
  }

  private final class Session {
    private final Socket socket;
    private final byte[] buffer = new byte[BUFFER];
    private InputStream in;
    private OutputStream out;
    private int next;
    private int end;
    private boolean inTls;

    Session(Socket socket) throws IOException {
      this.socket = socket;
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    void run() throws IOException {
      write(GREETING);
      ByteArrayOutputStream replies = new ByteArrayOutputStream(256);
      while (true) {
        int verb = readCommand();
        switch (verb) {
          case 'E', 'H' -> replies.writeBytes(inTls ? HELLO_TLS : HELLO_CLEAR);
          case 'M', 'R' -> replies.writeBytes(OK);
          case 'D' -> {
            replies.writeBytes(GO);
            write(replies.toByteArray());
            replies.reset();
            readContent();
            rest();
            received();
            replies.writeBytes(OK);
          }
          case 'S' -> {
            write(READY);
            startTls();
          }
          case 'Q' -> {
            replies.writeBytes(BYE);
            write(replies.toByteArray());
            return;
          }
          default -> replies.writeBytes(UNKNOWN);
        }
        if (next == end && replies.size() > 0) {
          write(replies.toByteArray());
          replies.reset();
        }
      }
    }

    private void startTls() throws IOException {
      SSLSocket tls =
          (SSLSocket)
              context.getSocketFactory().createSocket(socket, "client", socket.getPort(), true);
      tls.setUseClientMode(false);
      tls.startHandshake();
      handshakes.incrementAndGet();
      in = tls.getInputStream();
      out = tls.getOutputStream();
      next = 0;
      end = 0;
      inTls = true;
    }

    private void write(byte[] octets) throws IOException {
      out.write(octets);
      out.flush();
    }

    private int read() throws IOException {
      if (next == end) {
        next = 0;
        end = 0;
        int count = in.read(buffer);
        if (count < 0) {
          throw new IOException("the end");
        }
        end = count;
      }
      return buffer[next++];
    }

    /** The first letter of a line. */
    private int readCommand() throws IOException {
      int first = read();
      for (int octet = first; octet != '\n'; octet = read()) {
        // Nothing else matters.
      }
      return first;
    }

    private void readContent() throws IOException {
      int matched = 2;
      while (matched < END.length) {
        byte octet = (byte) read();
        if (octet == END[matched]) {
          matched++;
        } else {
          matched = octet == '\r' ? 1 : 0;
        }
      }
    }
  }

  private static byte[] line(String text) {
    return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket listener : listeners) {
      listener.close();
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
