package org.jamessts.smtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Pattern;
import org.jamessts.dns.DomainName;
import org.jamessts.smtp.SmtpException.Kind;
import org.jamessts.tls.TlsHandshaker;
import org.jamessts.tls.Watchdog;

/** Opens SMTP conversations. Safe for use by many threads; holds nothing that needs closing. */
public final class SmtpClient {

  // A domain or an address literal (RFC 5321 §4.1.1.1).
  private static final Pattern HELO_NAME =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253})|\\[[A-Za-z0-9:.-]{1,64}]");

  private final Dialer dialer;
  private final SmtpTimeouts timeouts;
  private final TlsHandshaker tls;
  private final String heloName;
  private final Watchdog watchdog = new Watchdog();

  /**
   * @param dialer makes the TCP connections
   * @param timeouts for each step
   * @param tls does the handshakes
   * @param heloName how we introduce ourselves: our host name, or an address literal
   * @throws IllegalArgumentException when the name is neither
   */
  public SmtpClient(Dialer dialer, SmtpTimeouts timeouts, TlsHandshaker tls, String heloName) {
    if (!HELO_NAME.matcher(heloName).matches()) {
      throw new IllegalArgumentException("not a name for HELO: " + PrintableText.of(heloName, 100));
    }
    this.dialer = dialer;
    this.timeouts = timeouts;
    this.tls = tls;
    this.heloName = heloName;
  }

  /**
   * Connects, waits for the greeting, says EHLO, and HELO to a server that does not know EHLO.
   *
   * @param peer a resolved address
   * @return a connection in clear
   * @throws SmtpException when there is no conversation; nothing is left open
   */
  public SmtpConnection open(InetSocketAddress peer) throws SmtpException {
    Wire wire = dial(peer);
    SmtpConnection connection = new SmtpConnection(peer, wire, timeouts, tls, heloName);
    connection.greet();
    return connection;
  }

  /**
   * Connects to a port where TLS comes first (RFC 8314 §3), and then does the same.
   *
   * @param peer a resolved address
   * @param host sent as SNI; any certificate will do: judge {@link SmtpConnection#tlsFacts} before
   *     anything is sent
   * @return a connection in TLS
   * @throws SmtpException when there is no conversation; nothing is left open
   */
  public SmtpConnection openInTls(InetSocketAddress peer, DomainName host) throws SmtpException {
    Wire wire = dial(peer);
    SmtpConnection connection = new SmtpConnection(peer, wire, timeouts, tls, heloName);
    connection.greetInTls(host);
    return connection;
  }

  private Wire dial(InetSocketAddress peer) throws SmtpException {
    try {
      Socket socket = dialer.dial(peer, timeouts.connect());
      return new Wire(socket, watchdog);
    } catch (IOException e) {
      throw SmtpException.of(Kind.CONNECT, "no connection: " + e.getMessage(), e);
    }
  }
}
