package org.jamessts.testing;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jamessts.testing.PrivateCa.Credential;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTPS server for the policies of many domains: it picks the certificate by SNI, as RFC
 * 8461 §3.3 wants it, and then does whatever a test has chosen. What it saw is recorded.
 */
public final class PolicyHost implements AutoCloseable {

  /**
   * A request that arrived in full.
   *
   * @param sni the name in the TLS handshake; empty if there was none
   * @param line for example {@code GET /.well-known/mta-sts.txt HTTP/1.1}
   * @param headers the header lines as sent
   * @param body one character an octet; empty unless {@code Content-Length} says that there is one
   */
  public record Request(String sni, String line, List<String> headers, String body) {
    public Request {
      headers = List.copyOf(headers);
    }

    /** The value of a header line; empty when there is none of that name. */
    public String header(String name) {
      return header(headers, name);
    }

    private static String header(List<String> headers, String name) {
      String prefix = name + ": ";
      return headers.stream()
          .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
          .map(line -> line.substring(prefix.length()))
          .findFirst()
          .orElse("");
    }
  }

  private record Site(
      Credential credential, PolicyHostEffect effect, Map<String, PolicyHostEffect> paths) {
    PolicyHostEffect effectFor(String requestLine) {
      String[] words = requestLine.split(" ", 3);
      return words.length < 2 ? effect : paths.getOrDefault(words[1], effect);
    }
  }

  private final Map<String, Site> sites = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<String> namesAsked = ConcurrentHashMap.newKeySet();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Semaphore hangUps = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "policy-host");
            thread.setDaemon(true);
            return thread;
          });
  private final SSLServerSocket server;

  private PolicyHost(InetAddress address, int port) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new BySni()}, null, null);
    server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(address, port), 200);
  }

  /** Starts a server without sites on 127.0.0.1 and a free port. */
  public static PolicyHost start() {
    try {
      return start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a server without sites; port 0 takes a free one. */
  public static PolicyHost start(InetAddress address, int port) {
    try {
      PolicyHost host = new PolicyHost(address, port);
      host.threads.execute(host::accept);
      return host;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the server listens. */
  public int port() {
    return server.getLocalPort();
  }

  /**
   * From now on, serves a domain. A handshake for a name that nothing is served for is aborted.
   *
   * @param domain the policy domain, without {@code mta-sts.}
   * @param credential presented to who asks for it by SNI
   * @param effect what a request gets
   */
  public PolicyHost serve(String domain, Credential credential, PolicyHostEffect effect) {
    return serveHost("mta-sts." + domain, credential, effect);
  }

  /** The same for a host of any name. */
  public PolicyHost serveHost(String name, Credential credential, PolicyHostEffect effect) {
    return serveHost(name, credential, effect, Map.of());
  }

  /**
   * The same for a host with several resources.
   *
   * @param effect what a request for any other path gets
   * @param paths what requests for these paths get
   */
  public PolicyHost serveHost(
      String name,
      Credential credential,
      PolicyHostEffect effect,
      Map<String, PolicyHostEffect> paths) {
    sites.put(name, new Site(credential, effect, Map.copyOf(paths)));
    return this;
  }

  /** From now on, does not know a domain. */
  public PolicyHost remove(String domain) {
    sites.remove("mta-sts." + domain);
    return this;
  }

  /** All requests that arrived in full, oldest first. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** How many requests arrived for a domain. */
  public int requests(String domain) {
    return requestsOf("mta-sts." + domain);
  }

  /** How many requests arrived for a host. */
  public int requestsOf(String name) {
    return (int) requests.stream().filter(r -> r.sni().equals(name)).count();
  }

  /** Every name that a handshake asked for by SNI, also where it failed; empty for no SNI. */
  public Set<String> namesAsked() {
    return Set.copyOf(namesAsked);
  }

  /** Waits until some client has closed its connection while an effect was still sending. */
  public boolean awaitHangUp(Duration patience) throws InterruptedException {
    return hangUps.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
    closeQuietly(server);
    connections.forEach(PolicyHost::closeQuietly);
    threads.shutdownNow();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        SSLSocket socket = (SSLSocket) server.accept();
        // An answer is written in pieces: without this, each waits for the client's delayed ACK.
        socket.setTcpNoDelay(true);
        connections.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        // Closed: the loop condition decides.
      }
    }
  }

  private void serve(SSLSocket socket) {
    try (socket) {
      socket.startHandshake();
      String sni = sni(socket.getSession()).orElse("");
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      Site site = sites.get(sni);
      if (!lines.isEmpty() && site != null) {
        requests.add(
            new Request(sni, lines.get(0), lines.subList(1, lines.size()), body(in, lines)));
        play(site.effectFor(lines.get(0)), socket);
      }
    } catch (IOException e) {
      // The client has gone, or the handshake failed: as tests want it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(socket);
    }
  }

  private static String body(BufferedReader in, List<String> lines) throws IOException {
    String length = Request.header(lines, "Content-Length");
    char[] body = new char[length.isEmpty() ? 0 : Integer.parseInt(length)];
    for (int read = 0; read < body.length; ) {
      int more = in.read(body, read, body.length - read);
      if (more < 0) {
        throw new EOFException("the client has sent less than it said");
      }
      read += more;
    }
    return new String(body);
  }

  private void play(PolicyHostEffect effect, SSLSocket socket)
      throws IOException, InterruptedException {
    try {
      effect.play(socket.getOutputStream(), this::pause);
    } catch (IOException e) {
      hangUps.release();
      throw e;
    }
  }

  private void pause(long millis) throws InterruptedException {
    if (closed.await(millis, TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("the host is closed");
    }
  }

  private static Optional<String> sni(SSLSession session) {
    return ((ExtendedSSLSession) session)
        .getRequestedServerNames().stream()
            .filter(SNIHostName.class::isInstance)
            .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
            .findFirst();
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // Closed is what we want.
    }
  }

  /** The alias of a key is the name that it is for. */
  private final class BySni extends X509ExtendedKeyManager {
    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, Socket socket) {
      String name = sni(((SSLSocket) socket).getHandshakeSession()).orElse("");
      namesAsked.add(name);
      return keyType.equals("EC") && sites.containsKey(name) ? name : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      Site site = sites.get(alias);
      return site == null ? null : site.credential().chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      Site site = sites.get(alias);
      return site == null ? null : site.credential().key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }
  }
}
