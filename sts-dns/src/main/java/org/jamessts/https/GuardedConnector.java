package org.jamessts.https;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jamessts.dns.AddressKind;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.HostAddresses;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.x509.CertificateFacts;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.UnjudgedTls;

/**
 * Opens TLS connections to hosts that prove their names. What it returns has been judged: there is
 * no connection to a host that failed. Safe for use by many threads.
 */
final class GuardedConnector {

  private static final int MAX_ADDRESSES = 4;
  private static final int CONNECT_MILLIS = 10_000;

  /** For each read of a handshake, so that one mute address leaves time for the next. */
  private static final int HANDSHAKE_MILLIS = 15_000;

  private final HostAddresses addresses;
  private final PathBuilder paths;
  private final Clock clock;
  private final HttpsSettings settings;
  private final Guards guards;

  GuardedConnector(
      Resolver resolver, PathBuilder paths, Clock clock, HttpsSettings settings, Guards guards) {
    this.addresses = new HostAddresses(resolver);
    this.paths = paths;
    this.clock = clock;
    this.settings = settings;
    this.guards = guards;
  }

  /**
   * Tries the addresses of a host, until a connection stands.
   *
   * @param host looked up, sent as SNI and demanded of the certificate
   * @param port where it listens
   * @param cutOff ends the attempt
   * @return the connection, over which nothing was sent yet
   * @throws HttpsException when no address gave one: about the certificate, if one was seen
   */
  SSLSocket connect(DomainName host, int port, CutOff cutOff) throws HttpsException {
    Optional<HttpsException> worst = Optional.empty();
    for (InetAddress address : allowed(host)) {
      try {
        return connect(host, new InetSocketAddress(address, port), cutOff);
      } catch (HttpsException e) {
        // That a certificate is bad tells more than that another address did not answer.
        worst = worst.filter(HttpsException::isCertificate).or(() -> Optional.of(e));
      }
    }
    throw worst.orElseThrow();
  }

  private List<InetAddress> allowed(DomainName host) throws HttpsException {
    AddressLookup lookup = addresses.lookup(host);
    if (lookup instanceof AddressLookup.Failed failed) {
      throw HttpsException.fetch("the addresses of " + host + " are not known: " + failed.detail());
    }
    if (!(lookup instanceof AddressLookup.Found found)) {
      throw HttpsException.fetch(host + " has no address");
    }
    List<InetAddress> allowed =
        found.addresses().stream()
            .filter(a -> settings.allowPrivateAddresses() || AddressKind.of(a).isGlobal())
            .limit(MAX_ADDRESSES)
            .toList();
    if (allowed.isEmpty()) {
      InetAddress first = found.addresses().get(0);
      throw HttpsException.fetch(
          "%s has no public address: %s is %s"
              .formatted(host, first.getHostAddress(), AddressKind.of(first)));
    }
    return allowed;
  }

  // The caller closes what is returned; the socket below it is closed with it.
  @SuppressWarnings("resource")
  private SSLSocket connect(DomainName host, InetSocketAddress peer, CutOff cutOff)
      throws HttpsException {
    // Not new Socket(), which obeys the JVM's SOCKS settings: behind a proxy, what an address is
    // for
    // would be another question.
    Socket socket = new Socket(Proxy.NO_PROXY);
    try {
      cutOff.guard(socket);
      socket.connect(peer, CONNECT_MILLIS);
      socket.setSoTimeout(HANDSHAKE_MILLIS);
      SSLSocket secured =
          (SSLSocket)
              freshTls()
                  .getSocketFactory()
                  .createSocket(socket, host.value(), peer.getPort(), /* autoClose= */ true);
      SSLParameters parameters = secured.getSSLParameters();
      UnjudgedTls.configure(parameters, host);
      secured.setSSLParameters(parameters);
      secured.startHandshake();
      judge(host, secured);
      return secured;
    } catch (IOException | RuntimeException e) {
      // Providers throw unchecked exceptions for some malformed keys.
      closeQuietly(socket);
      String reason =
          "%s at %s: %s".formatted(host, peer.getAddress().getHostAddress(), Messages.of(e));
      throw isAboutCertificates(e)
          ? HttpsException.certificate(reason)
          : HttpsException.fetch(reason);
    } catch (HttpsException e) {
      closeQuietly(socket);
      throw e;
    }
  }

  /**
   * A context that knows no earlier session: to resume one would judge the certificate of that day
   * once more, instead of the one that the host has now.
   */
  private static SSLContext freshTls() {
    return UnjudgedTls.context();
  }

  private void judge(DomainName host, SSLSocket secured)
      throws HttpsException, SSLPeerUnverifiedException {
    CertificateFacts facts = paths.facts(UnjudgedTls.chain(secured.getSession()));
    Optional<CertificateFacts.Finding> fault = facts.faultFor(host, clock.instant());
    if (fault.isPresent() && guards.stand(Guard.POLICY_HOST_PROVES_ITS_NAME)) {
      throw HttpsException.certificate(host + ": " + Messages.shown(fault.get().explanation()));
    }
  }

  /** An alert of the peer is none: it says that the peer did not want to, not that it lied. */
  private static boolean isAboutCertificates(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException
          || cause instanceof CertPathValidatorException
          || cause instanceof SSLPeerUnverifiedException) {
        return true;
      }
    }
    return false;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing of value was on it.
    }
  }
}
