package org.jamessts.testing;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** What a {@link SmtpSink} remembers of a connection, while it lasts and after. */
public final class SinkConnection {

  private final InetAddress client;
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> responses = new CopyOnWriteArrayList<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final AtomicLong contentOctets = new AtomicLong();
  private volatile Optional<ReceivedMail.Tls> tls = Optional.empty();
  private volatile Optional<X509Certificate> certificate = Optional.empty();
  private volatile Optional<String> login = Optional.empty();
  private volatile boolean closed;
  private volatile boolean pipelined;
  private volatile boolean mailSeen;

  SinkConnection(InetAddress client) {
    this.client = client;
  }

  /** Where it came from. */
  public InetAddress client() {
    return client;
  }

  /** Every command line, in order, without line ends. */
  public List<String> commands() {
    return List.copyOf(commands);
  }

  /** The lines of AUTH exchanges after their commands. */
  public List<String> responses() {
    return List.copyOf(responses);
  }

  /** What the client did that SMTP does not allow. */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  /** Octets received after 354 or BDAT, of complete and of broken mails. */
  public long contentOctets() {
    return contentOctets.get();
  }

  /** The TLS session; empty in clear. */
  public Optional<ReceivedMail.Tls> tls() {
    return tls;
  }

  /** The server's own certificate, as presented in TLS; empty in clear. */
  public Optional<X509Certificate> certificate() {
    return certificate;
  }

  /** Who has logged in, with which mechanism: {@code PLAIN alice}; empty when nobody has. */
  public Optional<String> login() {
    return login;
  }

  /** Whether a command came before the one before it was answered (RFC 2920). */
  public boolean pipelined() {
    return pipelined;
  }

  /** Whether it is over. */
  public boolean isClosed() {
    return closed;
  }

  /** Whether a mail came to its final dot. */
  boolean hasSeenMail() {
    return mailSeen;
  }

  void sawMail() {
    mailSeen = true;
  }

  void sawCommand(String line) {
    commands.add(line);
  }

  void sawViolation(String what) {
    violations.add(what);
  }

  void sawPipelining() {
    pipelined = true;
  }

  void sawContent(int octets) {
    contentOctets.addAndGet(octets);
  }

  void sawResponse(String line) {
    responses.add(line);
  }

  void sawLogin(String mechanism, String username) {
    login = Optional.of(mechanism + " " + username);
  }

  void sawTls(ReceivedMail.Tls session, X509Certificate presented) {
    certificate = Optional.of(presented);
    tls = Optional.of(session);
  }

  void sawEnd() {
    closed = true;
  }
}
