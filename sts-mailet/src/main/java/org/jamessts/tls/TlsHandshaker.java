package org.jamessts.tls;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jamessts.dns.DomainName;
import org.jamessts.tls.Watchdog.Guard;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.UnjudgedTls;

/**
 * The client side of TLS handshakes with MX hosts. It completes the handshake with any certificate
 * and says what it saw; judging that is up to the caller, before a mail leaves. Safe for use by
 * many threads.
 */
public final class TlsHandshaker {

  /** Bounds what resumption may cost in memory; a session with its chain has a few kilobytes. */
  private static final int CACHED_SESSIONS = 2000;

  private final PathBuilder paths;
  private final Watchdog watchdog = new Watchdog();
  private final SSLContext context = UnjudgedTls.context();

  /**
   * @param paths looks for a path from each presented chain to a trusted root
   */
  public TlsHandshaker(PathBuilder paths) {
    this.paths = paths;
    context.getClientSessionContext().setSessionCacheSize(CACHED_SESSIONS);
  }

  /**
   * Does a handshake on a connected socket.
   *
   * @param socket on which nothing in clear is left unread; closed when this fails
   * @param serverName sent as SNI
   * @param limit for the handshake as a whole
   * @return the session and its facts; with TLS 1.3 the server may still reject it, which shows
   *     when the first octets are read
   * @throws TlsHandshakeException when there is no TLS with this peer: the message says why
   */
  public TlsSession handshake(Socket socket, DomainName serverName, Duration limit)
      throws TlsHandshakeException {
    Guard guard = watchdog.guard(socket, limit);
    try {
      SSLSocket tls =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(socket, serverName.value(), socket.getPort(), true);
      SSLParameters parameters = tls.getSSLParameters();
      UnjudgedTls.configure(parameters, serverName);
      tls.setSSLParameters(parameters);
      tls.startHandshake();
      TlsFacts facts = facts(tls.getSession(), serverName);
      if (guard.disarm()) {
        return new TlsSession(tls, facts);
      }
      throw new IOException("the socket was closed");
    } catch (IOException | RuntimeException e) {
      // JSSE lets some malformed messages of a peer through as runtime exceptions.
      boolean timedOut = !guard.disarm();
      closeQuietly(socket);
      throw new TlsHandshakeException(
          timedOut ? "not completed within " + seconds(limit) : reason(e), timedOut, e);
    }
  }

  /** From the session: a resumed one holds the certificates of the handshake that it resumes. */
  private TlsFacts facts(SSLSession session, DomainName serverName) throws SSLException {
    return new TlsFacts(
        session.getProtocol(),
        session.getCipherSuite(),
        serverName,
        paths.facts(UnjudgedTls.chain(session)));
  }

  private static String reason(Exception failure) {
    if (failure instanceof EOFException || failure.getCause() instanceof EOFException) {
      return "the server closed the connection";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() / 1000.0 + " s";
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The connection is given up: nothing is lost with it.
    }
  }
}
