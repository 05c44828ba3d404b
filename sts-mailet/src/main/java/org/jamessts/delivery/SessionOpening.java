package org.jamessts.delivery;

import java.net.InetSocketAddress;
import java.time.Clock;
import org.apache.james.metrics.api.TimeMetric;
import org.jamessts.decide.Channel;
import org.jamessts.dns.DomainName;
import org.jamessts.metrics.StsMetrics.Timer;
import org.jamessts.smtp.SmtpClient;
import org.jamessts.smtp.SmtpConnection;
import org.jamessts.smtp.SmtpException;

/**
 * Opens sessions with hosts, and finds out what their channel is: nothing else is said but EHLO and
 * STARTTLS. Safe for use by many threads.
 */
final class SessionOpening {

  private final SmtpClient client;
  private final HostAccess access;
  private final DeliveryMeter meter;
  private final Clock clock;

  /**
   * @param client connects
   * @param access whether TLS comes first
   * @param meter how long handshakes take
   * @param clock since when a session is open
   */
  SessionOpening(SmtpClient client, HostAccess access, DeliveryMeter meter, Clock clock) {
    this.client = client;
    this.access = access;
    this.meter = meter;
    this.clock = clock;
  }

  /** How the operator gets into hosts. */
  HostAccess access() {
    return access;
  }

  /**
   * Connects and gets TLS, if it can be had. Whatever goes wrong with STARTTLS is a fact to be
   * judged, and no error.
   *
   * @throws SmtpException when there is no conversation; of kind {@code TLS_HANDSHAKE} only where
   *     TLS comes first
   */
  HostSession open(InetSocketAddress peer, DomainName serverName) throws SmtpException {
    if (access.implicitTls()) {
      SmtpConnection connection = client.openInTls(peer, serverName);
      return new HostSession(connection, established(connection), clock.instant());
    }
    SmtpConnection connection = client.open(peer);
    return new HostSession(connection, secure(connection, serverName), clock.instant());
  }

  /** Connects and leaves it at that, since TLS has failed as the channel tells. */
  HostSession openInClear(InetSocketAddress peer, Channel channel) throws SmtpException {
    return new HostSession(client.open(peer), channel, clock.instant());
  }

  private Channel secure(SmtpConnection connection, DomainName serverName) {
    if (!connection.offersStartTls()) {
      return new Channel.NotOffered();
    }
    TimeMetric handshake = meter.time(Timer.HANDSHAKE);
    try {
      connection.startTls(serverName);
    } catch (SmtpException e) {
      return e.kind() == SmtpException.Kind.STARTTLS_REFUSED
          ? new Channel.Refused(String.valueOf(e.getMessage()))
          : new Channel.HandshakeFailed(String.valueOf(e.getMessage()));
    } finally {
      handshake.stopAndPublish();
    }
    return established(connection);
  }

  private static Channel established(SmtpConnection connection) {
    return connection
        .tlsFacts()
        .<Channel>map(Channel.Encrypted::new)
        .orElseGet(() -> new Channel.HandshakeFailed("the session has no certificates"));
  }
}
