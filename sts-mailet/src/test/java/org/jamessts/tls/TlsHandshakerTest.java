package org.jamessts.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.PrivateCa;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsHandshakerTest {

  private static final DomainName MX = new DomainName("mx.example.com");
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final PrivateCa CA = PrivateCa.create("test root");
  private static final TlsHandshaker HANDSHAKER =
      new TlsHandshaker(new PathBuilder(TrustAnchors.of(List.of(CA.root())), Clock.systemUTC()));

  private static Socket connect(ServerSocket server) throws IOException {
    return new Socket(server.getInetAddress(), server.getLocalPort());
  }

  private static ServerSocket plainServer() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  /** Greets each of some clients with one octet, which with TLS 1.3 delivers the tickets too. */
  private static SSLServerSocket tlsServer(PrivateCa.Credential credential, int clients)
      throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            credential
                .serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              for (int i = 0; i < clients; i++) {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                  socket.getOutputStream().write('x');
                  socket.getInputStream().read();
                } catch (IOException e) {
                  // The client's assertions tell.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  @Test
  void handshakeShouldSayWhatItSaw() throws Exception {
    try (SSLServerSocket server = tlsServer(CA.issue(MX.value()), 1);
        Socket socket = connect(server)) {
      TlsSession session = HANDSHAKER.handshake(socket, MX, PATIENT);
      assertThat(session.facts().protocol()).isEqualTo("TLSv1.3");
      assertThat(session.facts().cipherSuite()).startsWith("TLS_");
      assertThat(session.facts().certificate().faultFor(MX, Instant.now())).isEmpty();
      assertThat(session.socket().getInputStream().read()).isEqualTo('x');
    }
  }

  @Test
  void aResumedSessionShouldShowTheCertificatesOfTheFirst() throws Exception {
    PrivateCa.Credential credential = CA.issue(MX.value());
    try (SSLServerSocket server = tlsServer(credential, 2)) {
      Instant first;
      try (Socket socket = connect(server)) {
        TlsSession session = HANDSHAKER.handshake(socket, MX, PATIENT);
        assertThat(session.socket().getInputStream().read()).isEqualTo('x');
        first = Instant.ofEpochMilli(session.socket().getSession().getCreationTime());
      }
      try (Socket socket = connect(server)) {
        TlsSession session = HANDSHAKER.handshake(socket, MX, PATIENT);
        // Else this would test nothing.
        assertThat(Instant.ofEpochMilli(session.socket().getSession().getCreationTime()))
            .isEqualTo(first);
        assertThat(session.facts().certificate().chain()).isEqualTo(credential.chain());
      }
    }
  }

  @Test
  void handshakeShouldBeEndedByItsDeadline() throws Exception {
    try (ServerSocket server = plainServer();
        Socket socket = connect(server)) {
      assertThatThrownBy(() -> HANDSHAKER.handshake(socket, MX, Duration.ofMillis(500)))
          .isInstanceOfSatisfying(
              TlsHandshakeException.class, e -> assertThat(e.timedOut()).isTrue())
          .hasMessageContaining("0.5 s");
      assertThat(socket.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"220 plain text\r\n", "", "\u0015\u0003\u0003\u0000\u0002\u0002("})
  void aFailureShouldHaveAReason(String answer) throws Exception {
    try (ServerSocket server = plainServer();
        Socket socket = connect(server)) {
      Thread peer =
          new Thread(
              () -> {
                try (Socket accepted = server.accept()) {
                  accepted.getInputStream().read();
                  accepted.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                  accepted.shutdownOutput();
                  accepted.getInputStream().readAllBytes();
                } catch (IOException e) {
                  // The client hung up: so it should.
                }
              });
      peer.setDaemon(true);
      peer.start();
      assertThatThrownBy(() -> HANDSHAKER.handshake(socket, MX, PATIENT))
          .isInstanceOfSatisfying(
              TlsHandshakeException.class, e -> assertThat(e.timedOut()).isFalse())
          .message()
          .isNotBlank();
      assertThat(socket.isClosed()).isTrue();
      peer.join();
    }
  }

  @Test
  void watchdogShouldLeaveAStepAloneThatEndedInTime() throws Exception {
    Watchdog watchdog = new Watchdog();
    try (ServerSocket server = plainServer();
        Socket early = connect(server);
        Socket late = connect(server)) {
      Watchdog.Guard disarmed = watchdog.guard(early, Duration.ofMillis(200));
      assertThat(disarmed.disarm()).isTrue();
      Watchdog.Guard fired = watchdog.guard(late, Duration.ofMillis(300));
      assertThatThrownBy(() -> late.getInputStream().read()).isInstanceOf(IOException.class);
      assertThat(fired.disarm()).isFalse();
      assertThat(late.isClosed()).isTrue();
      assertThat(early.isClosed()).isFalse();
      assertThat(disarmed.disarm()).isTrue();
    }
  }
}
