package org.jamessts.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jamessts.testing.SmtpEffect.Drip;
import org.jamessts.testing.SmtpEffect.Drop;
import org.jamessts.testing.SmtpEffect.EndInput;
import org.jamessts.testing.SmtpEffect.EndOutput;
import org.jamessts.testing.SmtpEffect.EndlessReply;
import org.jamessts.testing.SmtpEffect.Handshake;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.Late;
import org.jamessts.testing.SmtpEffect.Reply;
import org.jamessts.testing.SmtpEffect.Silence;
import org.jamessts.testing.SmtpEffect.Slow;
import org.jamessts.testing.SmtpEffect.Stage;

/** The octets of one conversation of a {@link SmtpSink}, and the effects that it plays on them. */
final class SinkWire {

  private static final int DRIP_MILLIS = 100;

  private final SmtpSink sink;
  private final Socket socket;
  private final SinkConnection connection;
  private SinkReader reader;
  private OutputStream out;

  SinkWire(SmtpSink sink, Socket socket, SinkConnection connection) throws IOException {
    this.sink = sink;
    this.socket = socket;
    this.connection = connection;
    socket.setTcpNoDelay(true);
    this.reader = new SinkReader(socket.getInputStream(), sink.isLenient());
    this.out = socket.getOutputStream();
  }

  boolean isTls() {
    return connection.tls().isPresent();
  }

  String read(int octets) throws IOException {
    return reader.read(octets);
  }

  Optional<SinkReader.Line> readLine() throws IOException {
    return reader.readLine();
  }

  /**
   * Answers a command: as a good server would, or as an effect wants it. Returns whether 2xx, 3xx.
   */
  boolean answer(Stage stage, String normal) throws IOException {
    if (stage != Stage.BANNER && stage != Stage.FINAL_DOT && reader.hasMore()) {
      connection.sawPipelining();
      if (!sink.keywords().contains("PIPELINING")) {
        connection.sawViolation("pipelined after " + stage);
      }
    }
    if (stage == Stage.STARTTLS && reader.hasMore()) {
      connection.sawViolation("octets in clear after STARTTLS");
    }
    play(stage);
    String text = replyAt(stage).orElse(normal);
    Optional<Duration> interval =
        effects(Slow.class).filter(slow -> slow.stage() == stage).map(Slow::interval).findFirst();
    if (interval.isPresent()) {
      drip(SinkSession.octets(text + "\r\n"), interval.get());
    } else {
      replyAndMaybeEnd(text);
    }
    if (effects(EndInput.class).anyMatch(end -> end.stage() == stage)) {
      socket.shutdownInput();
      awaitOtherEffects();
    }
    return isPositive(text);
  }

  private <E extends SmtpEffect> Stream<E> effects(Class<E> kind) {
    return sink.currentEffects().stream().filter(kind::isInstance).map(kind::cast);
  }

  /** Until the test has seen what it wanted: nothing tells that the client has closed. */
  private void awaitOtherEffects() throws IOException {
    List<SmtpEffect> current = sink.currentEffects();
    while (sink.currentEffects() == current && !socket.isClosed()) {
      sleep(Duration.ofMillis(DRIP_MILLIS));
    }
    throw new EOFException("closed on purpose");
  }

  /** Whether the answer at a stage will be 2xx. */
  boolean accepts(Stage stage) {
    return sink.currentEffects().stream()
            .noneMatch(
                effect ->
                    (effect instanceof Drop drop && drop.stage() == stage)
                        || (effect instanceof EndOutput end && end.stage() == stage)
                        || (effect instanceof EndlessReply endless && endless.stage() == stage))
        && replyAt(stage).map(SinkWire::isPositive).orElse(true);
  }

  private Optional<String> replyAt(Stage stage) {
    return sink.currentEffects().stream()
        .filter(effect -> effect instanceof Reply reply && reply.stage() == stage)
        .map(effect -> ((Reply) effect).text())
        .findFirst();
  }

  private static boolean isPositive(String text) {
    return text.startsWith("2") || text.startsWith("3");
  }

  void reply(String text) throws IOException {
    write(SinkSession.octets(text + "\r\n"));
  }

  void replyAndMaybeEnd(String text) throws IOException {
    reply(text);
    if (text.startsWith("421")) {
      endGently();
    }
  }

  /** Plays what is not a reply. Most of it does not return. */
  void play(Stage stage) throws IOException {
    for (SmtpEffect effect : sink.currentEffects()) {
      if (effect instanceof Drop drop && drop.stage() == stage) {
        throw new EOFException("dropped on purpose");
      } else if (effect instanceof EndOutput end && end.stage() == stage) {
        socket.shutdownOutput();
        readToTheEnd();
      } else if (effect instanceof Late late && late.stage() == stage) {
        sleep(late.delay());
      } else if (effect instanceof Silence silence && silence.stage() == stage) {
        sink.awaitClosing();
        throw new EOFException("closed");
      } else if (effect instanceof Drip drip && drip.stage() == stage) {
        dripForever(SinkSession.octets("250-drip\r\n"), drip.interval());
      } else if (effect instanceof EndlessReply endless && endless.stage() == stage) {
        byte[] line = SinkSession.octets(endless.line() + "\r\n");
        while (true) {
          write(line);
        }
      }
    }
  }

  /** The server's side of the handshake, or what an effect makes of it. */
  void handshake(SSLContext context) throws IOException {
    Optional<HandshakeFault> fault =
        sink.currentEffects().stream()
            .filter(Handshake.class::isInstance)
            .map(effect -> ((Handshake) effect).fault())
            .findFirst();
    if (fault.isPresent()) {
      playBeforeTls(fault.get());
    }
    SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
    tls.setUseClientMode(false);
    tls.setEnabledProtocols(sink.protocols().toArray(String[]::new));
    // A client without a certificate fails this, with TLS 1.3 after its own side is complete.
    tls.setNeedClientAuth(fault.equals(Optional.of(HandshakeFault.ALERT_AFTER)));
    tls.startHandshake();
    if (fault.equals(Optional.of(HandshakeFault.CLOSE_AFTER))) {
      throw new EOFException("closed on purpose");
    }
    ExtendedSSLSession session = (ExtendedSSLSession) tls.getSession();
    connection.sawTls(
        new ReceivedMail.Tls(
            session.getProtocol(),
            session.getRequestedServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName())
                .findFirst()),
        (X509Certificate) session.getLocalCertificates()[0]);
    reader = new SinkReader(tls.getInputStream(), sink.isLenient());
    out = tls.getOutputStream();
  }

  private void playBeforeTls(HandshakeFault fault) throws IOException {
    switch (fault) {
      case GARBAGE -> {
        awaitClientHello();
        reply("250 what is this?");
        endGently();
      }
      case ALERT -> {
        awaitClientHello();
        write(new byte[] {21, 3, 3, 0, 2, 2, 40});
        endGently();
      }
      case CLOSE -> {
        awaitClientHello();
        throw new EOFException("closed on purpose");
      }
      case SILENCE -> {
        sink.awaitClosing();
        throw new EOFException("closed");
      }
      case DRIP -> {
        awaitClientHello();
        write(new byte[] {22, 3, 3, 63, 0, 2, 0, 62, 0});
        dripForever(new byte[] {0}, Duration.ofMillis(DRIP_MILLIS));
      }
      case ALERT_AFTER, CLOSE_AFTER -> {
        // Played by the handshake itself, or after it.
      }
    }
  }

  private void awaitClientHello() throws IOException {
    if (socket.getInputStream().read() < 0) {
      throw new EOFException("no ClientHello");
    }
  }

  private void dripForever(byte[] octets, Duration interval) throws IOException {
    while (true) {
      drip(octets, interval);
    }
  }

  private void drip(byte[] octets, Duration interval) throws IOException {
    for (byte octet : octets) {
      write(new byte[] {octet});
      sleep(interval);
    }
  }

  private static void sleep(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private void write(byte[] octets) throws IOException {
    out.write(octets);
    out.flush();
  }

  /** Closes, but not before the client had a chance to read the last reply: no RST overtakes it. */
  private void endGently() throws IOException {
    if (!isTls()) {
      socket.shutdownOutput();
    }
    socket.setSoTimeout(1000);
    readToTheEnd();
  }

  private void readToTheEnd() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] unread = new byte[4096];
    while (in.read(unread) >= 0) {
      // Whatever it is, nobody asked for it.
    }
    throw new EOFException("closed on purpose");
  }
}
