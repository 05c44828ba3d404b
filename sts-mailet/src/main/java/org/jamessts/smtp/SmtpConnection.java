package org.jamessts.smtp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jamessts.dns.DomainName;
import org.jamessts.smtp.SmtpException.Kind;
import org.jamessts.tls.TlsFacts;
import org.jamessts.tls.TlsHandshakeException;
import org.jamessts.tls.TlsHandshaker;
import org.jamessts.tls.TlsSession;

/**
 * A conversation with one server, in clear until {@link #startTls} has returned, for any number of
 * mails one after another. Any {@link SmtpException} ends it. For one thread at a time, but for
 * {@link #abort}.
 */
public final class SmtpConnection implements AutoCloseable {

  /** More recipients go into further transactions: fewer than 100 no server may refuse. */
  static final int RECIPIENTS_PER_TRANSACTION = 100;

  private static final Duration QUIT_LIMIT = Duration.ofSeconds(2);
  private static final int MAX_NAME = 255;
  private static final int MAX_BANNER = 512;
  private static final int GREETING = 220;

  private final InetSocketAddress peer;
  private final InetAddress own;
  private final Wire wire;
  private final SmtpTimeouts timeouts;
  private final TlsHandshaker tls;
  private final String heloName;
  private SmtpCapabilities capabilities = SmtpCapabilities.none();
  private String banner = "";
  private String serverName = "";
  private Optional<TlsFacts> tlsFacts = Optional.empty();
  private boolean needsReset;
  private boolean tookMail;
  private int mails;
  private Optional<SmtpReply> lastWords = Optional.empty();

  SmtpConnection(
      InetSocketAddress peer,
      Wire wire,
      SmtpTimeouts timeouts,
      TlsHandshaker tls,
      String heloName) {
    this.peer = peer;
    // A closed socket no longer tells.
    this.own = wire.socket().getLocalAddress();
    this.wire = wire;
    this.timeouts = timeouts;
    this.tls = tls;
    this.heloName = heloName;
  }

  /** Waits for the greeting and introduces us. */
  void greet() throws SmtpException {
    SmtpReply greeting = wire.reply("greeting", timeouts.banner());
    if (greeting.isTransient() || greeting.isPermanent()) {
      throw refused(Kind.REFUSED_BANNER, "the server does not serve us", greeting);
    }
    if (greeting.code() != GREETING) {
      throw unexpected("greeting", greeting);
    }
    banner = PrintableText.of(String.join(" ", greeting.lines()), MAX_BANNER);
    serverName = firstWord(greeting);
    SmtpReply ehlo = wire.command("EHLO " + heloName, timeouts.ehlo());
    if (ehlo.isPermanent()) {
      // RFC 5321 §3.2: a server that does not know EHLO. Which 5xx it says so with differs.
      ehlo = wire.command("HELO " + heloName, timeouts.ehlo());
      accept(ehlo, SmtpCapabilities.none());
    } else {
      accept(ehlo, SmtpCapabilities.of(ehlo));
    }
  }

  /** TLS before any word (RFC 8314 §3), and then the same. */
  void greetInTls(DomainName host) throws SmtpException {
    TlsSession session = handshake(host);
    wire.upgrade(session);
    afterHandshake(this::greet);
    tlsFacts = Optional.of(session.facts());
  }

  private void accept(SmtpReply hello, SmtpCapabilities offered) throws SmtpException {
    if (hello.isIntermediate()) {
      throw unexpected("EHLO", hello);
    }
    if (!hello.isPositive()) {
      throw refused(Kind.EHLO_REFUSED, "EHLO refused", hello);
    }
    capabilities = offered;
    String name = firstWord(hello);
    serverName = name.isEmpty() ? serverName : name;
  }

  /** Whether {@link #startTls} makes sense: the server offers it, and there is no TLS yet. */
  public boolean offersStartTls() {
    // RFC 3207 §4.2: a server must not offer it again; one that does is not listened to.
    return tlsFacts.isEmpty() && capabilities.startTls();
  }

  /**
   * Upgrades to TLS (RFC 3207): STARTTLS alone, nothing in clear after its reply, the handshake,
   * and EHLO again. Everything learned before is forgotten. Any certificate will do: judge {@link
   * #tlsFacts} before sending a mail.
   *
   * @param host the MX host's name, sent as SNI
   * @throws SmtpException when there is no TLS; the connection is closed then
   */
  public void startTls(DomainName host) throws SmtpException {
    if (!offersStartTls()) {
      throw new IllegalStateException("STARTTLS is not offered");
    }
    SmtpReply reply = wire.command("STARTTLS", timeouts.startTls());
    if (reply.isTransient() || reply.isPermanent()) {
      throw refused(Kind.STARTTLS_REFUSED, "STARTTLS refused", reply);
    }
    if (reply.code() != GREETING) {
      throw unexpected("STARTTLS", reply);
    }
    if (wire.hasUnread()) {
      wire.abort();
      throw SmtpException.of(
          Kind.STARTTLS_INJECTION, "octets in clear followed the reply to STARTTLS");
    }
    TlsSession session = handshake(host);
    wire.upgrade(session);
    afterHandshake(this::greetAgain);
    tlsFacts = Optional.of(session.facts());
  }

  private TlsSession handshake(DomainName host) throws SmtpException {
    try {
      return tls.handshake(wire.socket(), host, timeouts.startTls());
    } catch (TlsHandshakeException e) {
      wire.abort();
      throw SmtpException.of(Kind.TLS_HANDSHAKE, "TLS handshake: " + e.getMessage(), e);
    }
  }

  private void greetAgain() throws SmtpException {
    capabilities = SmtpCapabilities.none();
    SmtpReply ehlo = wire.command("EHLO " + heloName, timeouts.ehlo());
    accept(ehlo, SmtpCapabilities.of(ehlo));
  }

  private interface Greeting {
    void run() throws SmtpException;
  }

  private static void afterHandshake(Greeting greeting) throws SmtpException {
    try {
      greeting.run();
    } catch (SmtpException e) {
      if (e.kind() == Kind.CLOSED) {
        // With TLS 1.3 a server's alert about our side of the handshake comes only now.
        throw e.as(Kind.TLS_HANDSHAKE, "right after the TLS handshake");
      }
      throw e;
    }
  }

  /**
   * Proves who we are (RFC 4954). What is sent there is for the server's eyes only: judge {@link
   * #tlsFacts} before.
   *
   * @throws SmtpException when the server knows no common mechanism, or refuses; the connection is
   *     closed then
   */
  public void authenticate(Credentials credentials) throws SmtpException {
    Optional<SaslMechanism> mechanism =
        SaslMechanism.choose(credentials, capabilities.authMechanisms());
    if (mechanism.isEmpty()) {
      close();
      throw SmtpException.of(Kind.AUTH_NOT_OFFERED, noMechanism(credentials));
    }
    try {
      new Authentication(wire, timeouts, mechanism.get(), credentials).run();
    } catch (SmtpException e) {
      close();
      throw e;
    }
  }

  private String noMechanism(Credentials credentials) {
    String ours = credentials instanceof Credentials.BearerToken ? "XOAUTH2" : "PLAIN or LOGIN";
    return capabilities.authMechanisms().isEmpty()
        ? "the server does not offer AUTH"
        : "the server offers AUTH "
            + String.join(" ", new TreeSet<>(capabilities.authMechanisms()))
            + ", not "
            + ours;
  }

  /** What the handshake showed; empty in clear. */
  public Optional<TlsFacts> tlsFacts() {
    return tlsFacts;
  }

  /** What the server offered last. */
  public SmtpCapabilities capabilities() {
    return capabilities;
  }

  /** Whom we are connected to. */
  public InetSocketAddress peer() {
    return peer;
  }

  /** From which of our addresses. */
  public InetAddress ownAddress() {
    return own;
  }

  /**
   * How the server calls itself, for logs and reports only: the first word of its reply to EHLO, or
   * of its greeting; printable ASCII, at most 255 characters, possibly none.
   */
  public String serverName() {
    return serverName;
  }

  /**
   * The text of the greeting, for reports only: printable ASCII in one line, at most 512
   * characters, possibly none. Before STARTTLS it came in clear.
   */
  public String banner() {
    return banner;
  }

  /** Whether another mail may be sent. The peer may have hung up without our having noticed. */
  public boolean isOpen() {
    return wire.isOpen();
  }

  /**
   * Whether the server has said nothing that nobody asked for. One that has is about to hang up, or
   * counts replies in another way than we do; what it says next would be taken for something else.
   * Closes the connection if it has.
   */
  public boolean isQuiet() {
    try {
      if (isOpen() && !wire.hasUnread()) {
        return true;
      }
    } catch (SmtpException e) {
      // It is closed.
    }
    wire.abort();
    return false;
  }

  /** How many mails were sent, or tried. */
  public int mails() {
    return mails;
  }

  /**
   * Whether the server accepted MAIL for the mail that was sent last. If not, nothing of that mail
   * is there, and nothing was said about its recipients.
   */
  public boolean tookMail() {
    return tookMail;
  }

  /**
   * Sends a mail. A mail for more than 100 recipients takes several transactions.
   *
   * @return what became of each recipient. A server that refuses with 421 has closed the connection
   * @throws SmtpException when the conversation ended before any recipient was accepted or refused
   */
  public DeliveryResult send(Envelope envelope, MailContent content) throws SmtpException {
    if (!isOpen()) {
      throw SmtpException.of(Kind.CLOSED, "the connection is closed");
    }
    tookMail = false;
    // Between mails it may have been idle, and who answers RSET is still there.
    needsReset |= mails > 0;
    mails++;
    Fit fit = Fit.of(envelope, content, capabilities);
    List<MailboxPath> open = fit.open(envelope);
    List<RecipientResult> results = new ArrayList<>();
    while (results.size() < open.size()) {
      int end = Math.min(open.size(), results.size() + RECIPIENTS_PER_TRANSACTION);
      List<MailboxPath> batch = open.subList(results.size(), end);
      try {
        results.addAll(transact(envelope.withRecipients(batch), fit.content()));
      } catch (SmtpException e) {
        if (results.isEmpty()) {
          throw e;
        }
        results.add(new RecipientResult.Unsettled(batch.get(0), e));
      }
      if (envelope.options().allOrNone()) {
        holdBackTheRest(open, results);
      }
      leaveTheRest(open, results);
    }
    return fit.with(envelope, results);
  }

  /** Of several transactions, none follows one in which somebody was refused. */
  private static void holdBackTheRest(List<MailboxPath> open, List<RecipientResult> results) {
    Optional<SmtpReply> refusal =
        results.stream()
            .filter(RecipientResult.Refused.class::isInstance)
            .map(result -> ((RecipientResult.Refused) result).reply())
            .findFirst();
    if (refusal.isPresent()) {
      for (MailboxPath recipient : open.subList(results.size(), open.size())) {
        results.add(new RecipientResult.HeldBack(recipient, refusal.get()));
      }
    }
  }

  /** Of several transactions, none follows one that broke off. */
  private static void leaveTheRest(List<MailboxPath> open, List<RecipientResult> results) {
    Optional<SmtpException> end =
        results.stream()
            .filter(RecipientResult.Unsettled.class::isInstance)
            .map(result -> ((RecipientResult.Unsettled) result).failure())
            .findFirst();
    if (end.isPresent()) {
      for (MailboxPath recipient : open.subList(results.size(), open.size())) {
        results.add(new RecipientResult.Unsettled(recipient, end.get()));
      }
    }
  }

  private List<RecipientResult> transact(Envelope batch, MailContent content) throws SmtpException {
    if (lastWords.isPresent()) {
      return Transaction.refuse(batch.recipients(), lastWords.get());
    }
    Transaction transaction =
        new Transaction(wire, timeouts, capabilities, needsReset, batch, content);
    needsReset = true;
    try {
      List<RecipientResult> results = transaction.run();
      needsReset = transaction.isUnfinished();
      lastWords = transaction.lastWords();
      return results;
    } finally {
      tookMail |= transaction.isMailAccepted();
    }
  }

  /** Says QUIT, waits a moment for the answer, and closes. Never throws. */
  @Override
  public void close() {
    if (isOpen()) {
      wire.quit(QUIT_LIMIT);
    }
  }

  /** Closes at once, whatever another thread is doing with this connection. */
  public void abort() {
    wire.abort();
  }

  private SmtpException refused(Kind kind, String what, SmtpReply reply) {
    if (reply.isServiceClosing()) {
      wire.abort();
    }
    close();
    return SmtpException.refused(kind, what, reply);
  }

  private SmtpException unexpected(String step, SmtpReply reply) {
    wire.abort();
    return SmtpException.of(
        Kind.PROTOCOL, step + ": a reply that has no place here: " + reply.asText());
  }

  private static String firstWord(SmtpReply reply) {
    String word = reply.lines().get(0).strip().split(" ", 2)[0];
    return word.substring(0, Math.min(MAX_NAME, word.length()));
  }
}
