package org.jamessts.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A real SMTP server that accepts every mail, remembers it, and misbehaves on demand. A daemon
 * thread for each connection.
 *
 * <pre>{@code
 * try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(ca.issue("mx.example.com")).start()) {
 *   sink.effects(SmtpEffect.replyTo("bob@example.com", "550 5.1.1 no such user"));
 *   ... // send to sink.address()
 *   List<ReceivedMail> mails = sink.awaitMails(1, Duration.ofSeconds(10));
 * }
 * }</pre>
 */
public final class SmtpSink implements AutoCloseable {

  private static final List<String> KEYWORDS =
      List.of("PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES");

  private static final long ACCEPTOR_END_MILLIS = 5000;

  /** What a server is started with; the effects can be changed while it runs. */
  public static final class Builder {
    private final InetAddress address;
    private int port;
    private String hostName = "sink.test";
    private List<String> keywords = KEYWORDS;
    private Optional<SSLContext> tls = Optional.empty();
    private List<String> protocols = List.of("TLSv1.3", "TLSv1.2");
    private boolean lenient;
    private boolean implicitTls;
    private Map<String, String> users = Map.of();
    private List<SmtpEffect> effects = List.of();

    private Builder(InetAddress address) {
      this.address = address;
    }

    /** A fixed port; without it, any that is free. */
    public Builder port(int number) {
      port = number;
      return this;
    }

    /** How the server calls itself. */
    public Builder hostName(String name) {
      hostName = name;
      return this;
    }

    /**
     * What EHLO offers in place of PIPELINING, SIZE, 8BITMIME and ENHANCEDSTATUSCODES. STARTTLS is
     * added by itself where it is possible.
     */
    public Builder keywords(String... offered) {
      keywords = List.of(offered);
      return this;
    }

    /** Makes STARTTLS possible. */
    public Builder tls(PrivateCa.Credential credential) {
      tls = Optional.of(credential.serverContext());
      return this;
    }

    /** TLS comes before the greeting (RFC 8314 §3); {@link #tls} is needed too. */
    public Builder implicitTls() {
      implicitTls = true;
      return this;
    }

    /**
     * Who may log in, and with what: a password for PLAIN and LOGIN, a token for XOAUTH2. Without a
     * login no mail is taken then. Which mechanisms are offered is up to {@link #keywords}.
     */
    public Builder user(String username, String secret) {
      users = Map.of(username, secret);
      return this;
    }

    /** The TLS versions, such as {@code TLSv1.2}. */
    public Builder protocols(String... versions) {
      protocols = List.of(versions);
      return this;
    }

    /** Takes a bare CR and a bare LF for line ends too, in commands and in content. */
    public Builder lenient() {
      lenient = true;
      return this;
    }

    /** What goes wrong from the start. */
    public Builder effects(SmtpEffect... chosen) {
      effects = List.of(chosen);
      return this;
    }

    /** Starts to listen. */
    public SmtpSink start() {
      try {
        return new SmtpSink(this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Builder setup;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Object lock = new Object();
  private final List<ReceivedMail> transactions = new ArrayList<>();
  private final List<SinkConnection> connections = new ArrayList<>();
  private final Thread acceptor;
  private volatile List<SmtpEffect> effects;
  private volatile Optional<SSLContext> tls;

  private SmtpSink(Builder setup) throws IOException {
    this.setup = setup;
    this.effects = setup.effects;
    this.tls = setup.tls;
    this.listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(setup.address, setup.port), 200);
    acceptor = daemon("smtp-sink", this::accept);
  }

  /** A server on an address of this machine, such as {@code 127.0.0.1} or {@code ::1}. */
  public static Builder on(String address) {
    try {
      return new Builder(InetAddress.getByName(address));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(setup.address, listener.getLocalPort());
  }

  /** The port on which it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Replaces what goes wrong, from the next command of any connection on. */
  public void effects(SmtpEffect... chosen) {
    effects = List.of(chosen);
  }

  /** Presents another certificate, from the next handshake on. */
  public void present(SSLContext context) {
    tls = Optional.of(context);
  }

  /** The mails that were accepted, in order. */
  public List<ReceivedMail> mails() {
    return transactions().stream().filter(ReceivedMail::accepted).toList();
  }

  /** Every transaction that came to its final dot, accepted or not. */
  public List<ReceivedMail> transactions() {
    synchronized (lock) {
      return List.copyOf(transactions);
    }
  }

  /** How many transactions came to their final dot. */
  public int transactionCount() {
    synchronized (lock) {
      return transactions.size();
    }
  }

  /** The latest transaction that came to its final dot; there must be one. */
  public ReceivedMail lastTransaction() {
    synchronized (lock) {
      return transactions.get(transactions.size() - 1);
    }
  }

  /** Every connection since the start, in order. */
  public List<SinkConnection> connections() {
    synchronized (lock) {
      return List.copyOf(connections);
    }
  }

  /**
   * Waits for mails.
   *
   * @return all that were accepted, at least so many
   * @throws AssertionError when they have not come in time
   */
  public List<ReceivedMail> awaitMails(int count, Duration limit) {
    await(() -> mails().size() >= count, limit, count + " mails");
    return mails();
  }

  /** Waits until no connection is open; an {@link AssertionError} when that takes too long. */
  public void awaitNoConnection(Duration limit) {
    await(
        () -> connections().stream().allMatch(SinkConnection::isClosed),
        limit,
        "the end of all connections");
  }

  private void await(BooleanSupplier condition, Duration limit, String what) {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (lock) {
      while (!condition.getAsBoolean()) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError(
              "after " + limit + " still no " + what + "; " + transactions.size() + " mails came");
        }
        try {
          lock.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("interrupted while waiting for " + what, e);
        }
      }
    }
  }

  /** Stops listening and cuts every connection. */
  @Override
  public void close() {
    closing.countDown();
    closeQuietly(listener);
    try {
      // Until its thread has left the system call, the listener still takes connections.
      acceptor.join(ACCEPTOR_END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sockets.forEach(SmtpSink::closeQuietly);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        SinkConnection connection = new SinkConnection(socket.getInetAddress());
        synchronized (lock) {
          connections.add(connection);
        }
        daemon("smtp-sink-session", () -> serve(socket, connection));
      } catch (IOException e) {
        // Closed: the loop ends.
      }
    }
  }

  private void serve(Socket socket, SinkConnection connection) {
    try {
      if (closing.getCount() > 0) {
        new SinkSession(this, socket, connection).run();
      }
    } catch (IOException e) {
      // The client is gone, which is its right; the record of the connection shows how far it came.
    } finally {
      closeQuietly(socket);
      sockets.remove(socket);
      connection.sawEnd();
      synchronized (lock) {
        lock.notifyAll();
      }
    }
  }

  void received(ReceivedMail mail) {
    synchronized (lock) {
      transactions.add(mail);
      lock.notifyAll();
    }
  }

  List<SmtpEffect> currentEffects(SinkConnection connection) {
    return effects.stream()
        .flatMap(
            effect ->
                effect instanceof SmtpEffect.OnLaterMail later
                    ? Stream.of(later.effect()).filter(any -> connection.hasSeenMail())
                    : Stream.of(effect))
        .toList();
  }

  String hostName() {
    return setup.hostName;
  }

  List<String> keywords() {
    return setup.keywords;
  }

  Optional<SSLContext> tlsContext() {
    return tls;
  }

  boolean isTlsImplicit() {
    return setup.implicitTls;
  }

  Map<String, String> users() {
    return setup.users;
  }

  List<String> protocols() {
    return setup.protocols;
  }

  boolean isLenient() {
    return setup.lenient;
  }

  void awaitClosing() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is closed as far as it can be.
    }
  }
}
