package org.jamessts.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import org.jamessts.decide.Channel;
import org.jamessts.decide.FailureCode;
import org.jamessts.decide.Finding;
import org.jamessts.decide.Verdict;
import org.jamessts.engine.UnreachableHosts;
import org.jamessts.engine.UnreachableHosts.Rest;
import org.jamessts.metrics.StsMetrics.Judged;
import org.jamessts.policy.PolicyService;
import org.jamessts.settings.StsSettings.Reuse;
import org.jamessts.smtp.DeliveryResult;
import org.jamessts.smtp.MailContent;
import org.jamessts.smtp.SmtpClient;
import org.jamessts.smtp.SmtpException;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Talks to one address of one host: goes on in a session that is still open, or connects, gets TLS
 * where it can, has the channel judged, and only then sends. Every mail has the channel judged by
 * its own requirement, in a new session as in an old one. Where TLS failed and the requirement
 * allows clear text, it connects again without TLS, since the first connection is in no defined
 * state. Safe for use by many threads.
 */
final class HostConversation implements Conversation {

  private static final Logger LOGGER = LoggerFactory.getLogger(HostConversation.class);

  private final SessionOpening opening;
  private final PolicyService policies;
  private final SessionLog sessions;
  private final Clock clock;
  private final HostAccess access;
  private final KeptSessions kept;
  private final UnreachableHosts unreachable;

  /**
   * @param client connects
   * @param access how to get in
   * @param policies is told which candidates have proven themselves
   * @param sessions where sessions are recorded
   * @param reuse how long sessions are kept for further mails
   * @param clock the moment of judgement
   */
  HostConversation(
      SmtpClient client,
      HostAccess access,
      PolicyService policies,
      SessionLog sessions,
      Reuse reuse,
      Clock clock) {
    this.opening = new SessionOpening(client, access, sessions.meter(), clock);
    this.access = access;
    this.policies = policies;
    this.sessions = sessions;
    this.clock = clock;
    this.kept = new KeptSessions(reuse, clock);
    this.unreachable = new UnreachableHosts(clock);
  }

  /** Tries to deliver to those who still wait, and notes in the attempt what came of it. */
  @Override
  public void hold(InetSocketAddress peer, Need need, MailContent content, Attempt attempt) {
    try {
      if (goOn(peer, need, content, attempt)) {
        return;
      }
      // The last chance of a mail is not to be spent on what others found.
      Optional<Rest> rest = attempt.isLast() ? Optional.empty() : unreachable.restOf(peer);
      if (rest.isPresent()) {
        attempt.note(Reason.unreachable(FailureCode.NETWORK, leftAlone(need, peer, rest.get())));
      } else if (access.implicitTls()) {
        inTlsFromTheStart(peer, need, content, attempt);
      } else {
        withStartTls(peer, need, content, attempt);
      }
    } catch (SmtpException e) {
      attempt.fail(need.host(), e);
    }
  }

  @Override
  public boolean needsProof() {
    return access.needsProof();
  }

  private static String leftAlone(Need need, InetSocketAddress peer, Rest rest) {
    return "%s at %s could not be reached at %s (%s); it is tried again after %s"
        .formatted(
            need.host(),
            peer.getAddress().getHostAddress(),
            rest.since().truncatedTo(ChronoUnit.SECONDS),
            rest.detail(),
            rest.until().truncatedTo(ChronoUnit.SECONDS));
  }

  /**
   * Sends in a session that was kept, if one is good enough for this mail. What happens there
   * before the host has accepted MAIL may be due to what went before: it counts for nothing.
   *
   * @return whether the mail has been there
   */
  private boolean goOn(InetSocketAddress peer, Need need, MailContent content, Attempt attempt)
      throws SmtpException {
    Optional<HostSession> open = kept.take(peer, need.serverName());
    if (open.isEmpty()) {
      return false;
    }
    try (HostSession session = open.get()) {
      Judgement judgement = Judgement.of(need, session.channel(), clock.instant());
      if (!(judgement.verdict() instanceof Verdict.Proceed proceed)) {
        // No fault of the host, which may show more in a new session.
        kept.offer(session);
        return false;
      }
      proceed.proven().ifPresent(policies::confirm);
      var unused = sessions.decided(need, session.channel(), judgement);
      DeliveryResult result;
      try {
        result = session.connection().send(attempt.envelope(), content);
      } catch (SmtpException e) {
        if (session.connection().tookMail()) {
          count(session, need);
          throw e;
        }
        LOGGER.debug("{} at {}: a kept session was no longer good", need.host(), peer, e);
        return false;
      }
      if (!session.connection().tookMail()) {
        return false;
      }
      count(session, need);
      finish(session, need, judgement, result, attempt);
      return true;
    }
  }

  private void count(HostSession session, Need need) {
    sessions.judged(need, session.seenAs(need.host()), session::countsAnew);
  }

  private void withStartTls(InetSocketAddress peer, Need need, MailContent content, Attempt attempt)
      throws SmtpException {
    Seen failed;
    try (HostSession session = open(peer, need)) {
      if (!mustConnectAgain(session.channel(), need)) {
        judgeAndSend(session, need, content, attempt);
        return;
      }
      failed = session.seenAs(need.host());
    }
    LOGGER.info(
        "{} at {}: TLS failed and nothing requires it, trying in clear text", need.host(), peer);
    try (HostSession clear = inClear(peer, failed, need, attempt)) {
      judgeAndSend(clear, need, content, attempt);
    }
  }

  /** Where that fails, too, there is only the session before to be counted. */
  private HostSession inClear(InetSocketAddress peer, Seen failed, Need need, Attempt attempt)
      throws SmtpException {
    try {
      return opening.openInClear(peer, failed.channel());
    } catch (SmtpException e) {
      var unused = judge(failed, policy -> true, need, attempt);
      throw e;
    }
  }

  /** At such a port there is no clear text to go back to. */
  private void inTlsFromTheStart(
      InetSocketAddress peer, Need need, MailContent content, Attempt attempt)
      throws SmtpException {
    try (HostSession session = open(peer, need)) {
      judgeAndSend(session, need, content, attempt);
    } catch (SmtpException e) {
      if (e.kind() != SmtpException.Kind.TLS_HANDSHAKE) {
        throw e;
      }
      Channel channel = new Channel.HandshakeFailed(String.valueOf(e.getMessage()));
      Seen seen = Seen.withoutConversation(need.host(), peer.getAddress(), channel);
      Judgement judgement = judge(seen, policy -> true, need, attempt);
      if (judgement.verdict() instanceof Verdict.Proceed) {
        attempt.note(Reason.tlsFirstFailed(need.host(), e));
      }
    }
  }

  /** Connects, and remembers whether anybody was there. */
  private HostSession open(InetSocketAddress peer, Need need) throws SmtpException {
    try {
      HostSession session = opening.open(peer, need.serverName());
      unreachable.answered(peer);
      return session;
    } catch (SmtpException e) {
      switch (e.kind()) {
        case CONNECT, TIMEOUT, CLOSED -> unreachable.failed(peer, String.valueOf(e.getMessage()));
        default -> unreachable.answered(peer);
      }
      throw e;
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

  /** Whether the mail may go this way; if not, the attempt knows why. */
  private Judgement judge(
      Seen seen, Predicate<AppliedPolicy> countsAnew, Need need, Attempt attempt) {
    Judgement judgement = Judgement.of(need, seen.channel(), clock.instant());
    sessions.judged(need, seen, countsAnew);
    tell(need, seen, sessions.decided(need, seen.channel(), judgement), judgement.verdict());
    if (judgement.verdict() instanceof Verdict.NextHost refused) {
      attempt.note(Reason.of(refused, need));
    }
    return judgement;
  }

  /** One line for each session; what is wrong with one is the host's affair. */
  private static void tell(Need need, Seen seen, Judged decision, Verdict verdict) {
    Channel channel = seen.channel();
    LogLine.of("event", "session")
        .with("mx", need.host().value())
        .with("address", seen.peers().receivingIp().map(InetAddress::getHostAddress))
        .with("tls", channel instanceof Channel.Encrypted tls ? tls.facts().protocol() : "none")
        .with(
            "cipher",
            channel instanceof Channel.Encrypted tls
                ? Optional.of(tls.facts().cipherSuite())
                : Optional.empty())
        .with("verdict", decision.keyword())
        .with("policy", need.requirement().describe())
        .with("result", verdict.finding().map(finding -> finding.type().keyword()))
        .with("finding", verdict.finding().map(finding -> finding.why().text()))
        .to(LOGGER, Level.INFO);
  }

  private void judgeAndSend(HostSession session, Need need, MailContent content, Attempt attempt)
      throws SmtpException {
    Judgement judgement = judge(session.seenAs(need.host()), session::countsAnew, need, attempt);
    if (!(judgement.verdict() instanceof Verdict.Proceed proceed)) {
      return;
    }
    proceed.proven().ifPresent(policies::confirm);
    if (access.login().isPresent()) {
      Optional<Reason> notIn =
          access.login().get().in(session.connection(), session.channel(), need, clock.instant());
      if (notIn.isPresent()) {
        attempt.note(notIn.get());
        return;
      }
    }
    DeliveryResult result = session.connection().send(attempt.envelope(), content);
    finish(session, need, judgement, result, attempt);
  }

  private void finish(
      HostSession session, Need need, Judgement judgement, DeliveryResult result, Attempt attempt) {
    attempt.take(need.host(), way(session, need, judgement), result);
    kept.offer(session);
  }

  /** How the mail went, for the log. */
  private static LogLine way(HostSession session, Need need, Judgement judgement) {
    LogLine way =
        LogLine.of("mx", need.host().value())
            .with("address", session.address().getHostAddress())
            .with("channel", describe(session, judgement.verified()));
    if (session.connection().mails() > 1) {
      way = way.with("sessionMail", Integer.toString(session.connection().mails()));
    }
    Optional<Finding> finding = judgement.verdict().finding();
    return way.with("policy", need.requirement().describe())
        .with("result", finding.map(found -> found.type().keyword()))
        .with("finding", finding.map(found -> found.why().text()));
  }

  private static String describe(HostSession session, boolean verified) {
    return session
        .connection()
        .tlsFacts()
        .map(facts -> facts.protocol() + (verified ? " verified" : " unverified"))
        .orElse("clear");
  }

  @Override
  public int keptSessions() {
    return kept.size();
  }

  @Override
  public int unreachableHosts() {
    return unreachable.size();
  }

  /** Says goodbye to the hosts whose sessions are kept. */
  @Override
  public void close() {
    kept.close();
  }
}
