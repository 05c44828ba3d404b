package org.jamessts.delivery;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import org.jamessts.decide.Channel;
import org.jamessts.dns.DomainName;
import org.jamessts.engine.IdlePool;
import org.jamessts.settings.StsSettings.Reuse;

/**
 * Open sessions that wait for another mail to the same address under the same name: a server may
 * show another certificate under another name. Only sessions in TLS are kept: one in clear may owe
 * that to somebody on the path, and the next mail deserves another chance. Safe for use by many
 * threads.
 */
final class KeptSessions {

  /** Of all hosts together; each has a socket and some tens of kilobytes. */
  private static final int CAPACITY = 500;

  private final IdlePool<Key, HostSession> pool;
  private final Reuse reuse;
  private final Clock clock;

  /**
   * @param address and port
   * @param serverName as sent in SNI
   */
  private record Key(InetSocketAddress address, DomainName serverName) {}

  KeptSessions(Reuse reuse, Clock clock) {
    this.reuse = reuse;
    this.clock = clock;
    this.pool =
        new IdlePool<>(CAPACITY, reuse.idle(), clock, session -> session.connection().close());
  }

  /** A session that is quiet, now the caller's to close. */
  Optional<HostSession> take(InetSocketAddress peer, DomainName serverName) {
    Key key = new Key(peer, serverName);
    Optional<HostSession> session = pool.take(key);
    while (session.isPresent() && !session.get().connection().isQuiet()) {
      session = pool.take(key);
    }
    return session;
  }

  /** Keeps a session if it may carry another mail; else its owner closes it. */
  void offer(HostSession session) {
    boolean wornOut =
        session.connection().mails() >= reuse.maxMails()
            || !clock.instant().isBefore(session.since().plus(reuse.maxAge()));
    if (!wornOut
        && session.channel() instanceof Channel.Encrypted encrypted
        && session.connection().isQuiet()) {
      pool.put(
          new Key(session.connection().peer(), encrypted.facts().serverName()), session.handOn());
    }
  }

  int size() {
    return pool.size();
  }

  /** Says goodbye to all; from now on none is kept. */
  void close() {
    pool.close();
  }
}
