package org.jamessts.x509;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jamessts.dns.DomainName;

/**
 * Client side TLS that completes the handshake with any certificate, so that it can be recorded and
 * judged afterwards: whoever uses this must judge {@link CertificateFacts} before a single octet of
 * content leaves. The certificates are read from the session, not from the trust manager, which is
 * not called when a session is resumed.
 */
public final class UnjudgedTls {

  private UnjudgedTls() {}

  /** A context for handshakes that accept any chain. */
  public static SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AcceptAny()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  /**
   * Sets what every handshake of ours has: TLS 1.2 or 1.3 (RFC 8461 §7.2, RFC 9325 §3.1.1), SNI
   * with the host's name (RFC 8461 §7.1), and no name check by the JDK, which is too lenient.
   *
   * @param parameters to change
   * @param host sent as SNI, unless it stands for an address (RFC 6066 §3)
   */
  public static void configure(SSLParameters parameters, DomainName host) {
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setServerNames(
        host.isOfAddress() ? List.of() : List.of(new SNIHostName(host.value())));
    parameters.setEndpointIdentificationAlgorithm("");
  }

  /**
   * The chain that the peer presented, leaf first.
   *
   * @throws SSLPeerUnverifiedException when the handshake had no certificates
   */
  public static List<X509Certificate> chain(SSLSession session) throws SSLPeerUnverifiedException {
    List<X509Certificate> chain = new ArrayList<>();
    for (var certificate : session.getPeerCertificates()) {
      chain.add((X509Certificate) certificate);
    }
    return chain;
  }

  /** Extended, since JSSE wraps a plain trust manager with checks of its own. */
  private static final class AcceptAny extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
