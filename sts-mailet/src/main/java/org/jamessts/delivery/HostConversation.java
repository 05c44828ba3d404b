package org.jamessts.delivery;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jamessts.decide.Channel;
import org.jamessts.decide.FailureCode;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.PolicyService;
import org.jamessts.smtp.MailContent;
import org.jamessts.smtp.SmtpClient;
import org.jamessts.smtp.SmtpConnection;
import org.jamessts.smtp.SmtpException;
import org.jamessts.tlsrpt.SessionPeers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks to one address of one host: connects, gets TLS where it can, has the channel judged, and
 * only then sends. Where TLS failed and the requirement allows clear text, it connects again
 * without TLS, since the first connection is in no defined state. Safe for use by many threads.
 */
final class HostConversation {

  private static final Logger LOGGER = LoggerFactory.getLogger(HostConversation.class);

  private final SmtpClient client;
  private final PolicyService policies;
  private final SessionLog sessions;
  private final Clock clock;
  private final HostAccess access;

  /**
   * @param client connects
   * @param access how to get in
   * @param policies is told which candidates have proven themselves
   * @param sessions where sessions are recorded
   * @param clock the moment of judgement
   */
  HostConversation(
      SmtpClient client,
      HostAccess access,
      PolicyService policies,
      SessionLog sessions,
      Clock clock) {
    this.client = client;
    this.access = access;
    this.policies = policies;
    this.sessions = sessions;
    this.clock = clock;
  }

  /** Tries to deliver to those who still wait, and notes in the attempt what came of it. */
  void hold(InetSocketAddress peer, Need need, MailContent content, Attempt attempt) {
    try {
      if (access.implicitTls()) {
        inTlsFromTheStart(peer, need, content, attempt);
      } else {
        withStartTls(peer, need, content, attempt);
      }
    } catch (SmtpException e) {
      attempt.fail(need.host(), e);
    }
  }

  private void withStartTls(InetSocketAddress peer, Need need, MailContent content, Attempt attempt)
      throws SmtpException {
    Channel channel;
    try (SmtpConnection connection = client.open(peer)) {
      channel = secure(connection, need.serverName());
      if (!mustConnectAgain(channel, need)) {
        judgeAndSend(connection, channel, need, content, attempt);
        return;
      }
    }
    try (SmtpConnection clear = client.open(peer)) {
      LOGGER.info(
          "{} at {}: TLS failed and nothing requires it, trying in clear text", need.host(), peer);
      judgeAndSend(clear, channel, need, content, attempt);
    }
  }

  /** At such a port there is no clear text to go back to. */
  private void inTlsFromTheStart(
      InetSocketAddress peer, Need need, MailContent content, Attempt attempt)
      throws SmtpException {
    try (SmtpConnection connection = client.openInTls(peer, need.serverName())) {
      judgeAndSend(connection, established(connection), need, content, attempt);
    } catch (SmtpException e) {
      if (e.kind() != SmtpException.Kind.TLS_HANDSHAKE) {
        throw e;
      }
      Channel channel = new Channel.HandshakeFailed(String.valueOf(e.getMessage()));
      if (judge(unconnected(peer, need), channel, need, attempt).isPresent()) {
        attempt.note(
            Reason.unreachable(FailureCode.TLS_FAILED, need.host() + ": " + e.getMessage()));
      }
    }
  }

  private boolean mustConnectAgain(Channel channel, Need need) {
    boolean spoilt =
        channel instanceof Channel.Refused || channel instanceof Channel.HandshakeFailed;
    return spoilt
        && access.login().map(GatewayLogin::allowsAnyChannel).orElse(true)
        && need.requirement().judge(need.host(), channel, clock.instant())
            instanceof Verdict.Proceed;
  }

  /** Whatever goes wrong with TLS is a fact to be judged, not an error. */
  private static Channel secure(SmtpConnection connection, DomainName serverName) {
    if (!connection.offersStartTls()) {
      return new Channel.NotOffered();
    }
    try {
      connection.startTls(serverName);
    } catch (SmtpException e) {
      return e.kind() == SmtpException.Kind.STARTTLS_REFUSED
          ? new Channel.Refused(String.valueOf(e.getMessage()))
          : new Channel.HandshakeFailed(String.valueOf(e.getMessage()));
    }
    return established(connection);
  }

  private static Channel established(SmtpConnection connection) {
    return connection
        .tlsFacts()
        .<Channel>map(Channel.Encrypted::new)
        .orElseGet(() -> new Channel.HandshakeFailed("the session has no certificates"));
  }

  /** Whether the mail may go this way; if not, the attempt knows why. */
  private Optional<Verdict.Proceed> judge(
      SessionPeers peers, Channel channel, Need need, Attempt attempt) {
    Verdict verdict = need.requirement().judge(need.host(), channel, clock.instant());
    sessions.judged(need, peers, channel);
    if (verdict instanceof Verdict.NextHost refused) {
      attempt.note(Reason.of(refused, need));
      return Optional.empty();
    }
    return Optional.of((Verdict.Proceed) verdict);
  }

  private static SessionPeers peers(SmtpConnection connection, Need need) {
    return new SessionPeers(
        Optional.of(connection.ownAddress()),
        Optional.of(need.host()),
        Optional.of(connection.peer().getAddress()),
        Optional.of(connection.serverName()).filter(name -> !name.isEmpty()));
  }

  /** Of a connection that is gone before it was one. */
  private static SessionPeers unconnected(InetSocketAddress peer, Need need) {
    return new SessionPeers(
        Optional.empty(),
        Optional.of(need.host()),
        Optional.of(peer.getAddress()),
        Optional.empty());
  }

  private void judgeAndSend(
      SmtpConnection connection, Channel channel, Need need, MailContent content, Attempt attempt)
      throws SmtpException {
    Optional<Verdict.Proceed> verdict = judge(peers(connection, need), channel, need, attempt);
    if (verdict.isEmpty()) {
      return;
    }
    verdict.get().proven().ifPresent(policies::confirm);
    Instant now = clock.instant();
    if (access.login().isPresent()) {
      Optional<Reason> notIn = access.login().get().in(connection, channel, need, now);
      if (notIn.isPresent()) {
        attempt.note(notIn.get());
        return;
      }
    }
    String way =
        "mx=%s address=%s channel=%s policy=\"%s\"%s"
            .formatted(
                need.host(),
                connection.peer().getAddress().getHostAddress(),
                describe(connection, need.requirement().isVerified(need.host(), channel, now)),
                need.requirement().describe(),
                verdict
                    .get()
                    .finding()
                    .map(finding -> " finding=\"" + finding.explanation() + "\"")
                    .orElse(""));
    attempt.take(need.host(), way, connection.send(attempt.envelope(), content));
  }

  private static String describe(SmtpConnection connection, boolean verified) {
    return connection
        .tlsFacts()
        .map(facts -> facts.protocol() + (verified ? " verified" : " unverified"))
        .orElse("clear");
  }
}
