package org.jamessts.delivery;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import org.jamessts.decide.Channel;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.PolicyService;
import org.jamessts.smtp.MailContent;
import org.jamessts.smtp.SmtpClient;
import org.jamessts.smtp.SmtpConnection;
import org.jamessts.smtp.SmtpException;
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

  /**
   * @param client connects
   * @param policies is told which candidates have proven themselves
   * @param sessions where sessions are recorded
   * @param clock the moment of judgement
   */
  HostConversation(SmtpClient client, PolicyService policies, SessionLog sessions, Clock clock) {
    this.client = client;
    this.policies = policies;
    this.sessions = sessions;
    this.clock = clock;
  }

  /** Tries to deliver to those who still wait, and notes in the attempt what came of it. */
  void hold(InetSocketAddress peer, Need need, MailContent content, Attempt attempt) {
    try {
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
            "{} at {}: TLS failed and nothing requires it, trying in clear text",
            need.host(),
            peer);
        judgeAndSend(clear, channel, need, content, attempt);
      }
    } catch (SmtpException e) {
      attempt.fail(need.host(), e);
    }
  }

  private boolean mustConnectAgain(Channel channel, Need need) {
    boolean spoilt =
        channel instanceof Channel.Refused || channel instanceof Channel.HandshakeFailed;
    return spoilt
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
    return connection
        .tlsFacts()
        .<Channel>map(Channel.Encrypted::new)
        .orElseGet(() -> new Channel.HandshakeFailed("the session has no certificates"));
  }

  private void judgeAndSend(
      SmtpConnection connection, Channel channel, Need need, MailContent content, Attempt attempt)
      throws SmtpException {
    Instant now = clock.instant();
    Verdict verdict = need.requirement().judge(need.host(), channel, now);
    sessions.judged(need, connection.peer().getAddress(), channel);
    if (verdict instanceof Verdict.NextHost refused) {
      attempt.note(Reason.of(refused, need));
      return;
    }
    ((Verdict.Proceed) verdict).proven().ifPresent(policies::confirm);
    String way =
        "mx=%s address=%s channel=%s policy=\"%s\"%s"
            .formatted(
                need.host(),
                connection.peer().getAddress().getHostAddress(),
                describe(connection, need.requirement().isVerified(need.host(), channel, now)),
                need.requirement().describe(),
                verdict
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
