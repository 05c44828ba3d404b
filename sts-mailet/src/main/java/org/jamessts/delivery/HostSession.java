package org.jamessts.delivery;

import java.net.InetAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jamessts.decide.Channel;
import org.jamessts.dns.DomainName;
import org.jamessts.smtp.SmtpConnection;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.SessionPeers;

/**
 * A conversation with a host and what its channel showed: facts, which every mail's requirement
 * judges anew. It has one owner at a time, who closes it or hands it on.
 */
final class HostSession implements AutoCloseable {

  private final SmtpConnection connection;
  private final Channel channel;
  private final Instant since;
  private final Set<AppliedPolicy> counted;
  private boolean handedOn;

  /**
   * @param channel as the connection is now
   * @param since when it was opened
   */
  HostSession(SmtpConnection connection, Channel channel, Instant since) {
    this(connection, channel, since, new HashSet<>());
  }

  private HostSession(
      SmtpConnection connection, Channel channel, Instant since, Set<AppliedPolicy> counted) {
    this.connection = connection;
    this.channel = channel;
    this.since = since;
    this.counted = counted;
  }

  SmtpConnection connection() {
    return connection;
  }

  Channel channel() {
    return channel;
  }

  Instant since() {
    return since;
  }

  InetAddress address() {
    return connection.peer().getAddress();
  }

  /**
   * What there is to see of the session.
   *
   * @param host the name under which the mail goes there
   */
  Seen seenAs(DomainName host) {
    SessionPeers peers =
        new SessionPeers(
            Optional.of(connection.ownAddress()),
            Optional.of(host),
            Optional.of(address()),
            Optional.of(connection.serverName()).filter(name -> !name.isEmpty()));
    return new Seen(
        peers, channel, Optional.of(connection.banner()).filter(text -> !text.isEmpty()));
  }

  /**
   * Whether this session is still to be counted under a policy: a session counts once (RFC 8460
   * §4.2), however many mails it carries.
   */
  boolean countsAnew(AppliedPolicy policy) {
    return counted.add(policy);
  }

  /** The same session for its next owner; this one's does not close it any more. */
  HostSession handOn() {
    handedOn = true;
    return new HostSession(connection, channel, since, counted);
  }

  @Override
  public void close() {
    if (!handedOn) {
      connection.close();
    }
  }
}
