package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.Test;

/** A mail whose end was on its way when the connection broke may have arrived. */
class FinalDotInDoubtTest {

  @Test
  void failureShouldBeInDoubtWhenTheFinalDotCouldNotBeWritten() throws Exception {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start();
        SmtpConnection connection = open(sink, "\r\n.\r\n")) {
      assertThat(failure(connection).afterData()).isTrue();
    }
  }

  @Test
  void failureShouldNotBeInDoubtWhenCommandsCouldNotBeWritten() throws Exception {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start();
        SmtpConnection connection = open(sink, "MAIL FROM")) {
      assertThat(failure(connection).afterData()).isFalse();
    }
  }

  private static SmtpException failure(SmtpConnection connection) {
    Envelope envelope = TestClients.envelope("a@example.com", "b@example.net");
    return catchThrowableOfType(
        SmtpException.class, () -> connection.send(envelope, new TestContent("Hello\r\n")));
  }

  private static SmtpConnection open(SmtpSink sink, String breaksAt) throws SmtpException {
    return new SmtpClient(
            (peer, timeout) -> breakingSocket(peer, timeout, breaksAt),
            SmtpTimeouts.standard(TestClients.PATIENT, TestClients.PATIENT),
            TestClients.handshaker(PrivateCa.create("unused")),
            TestClients.HELO_NAME)
        .open(sink.address());
  }

  /** A connection to a real server that breaks when certain octets are to be written. */
  private static Socket breakingSocket(InetSocketAddress peer, Duration timeout, String breaksAt)
      throws IOException {
    Socket socket =
        new Socket() {
          @Override
          public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
              @Override
              public void write(byte[] octets, int offset, int length) throws IOException {
                String text = new String(octets, offset, length, StandardCharsets.ISO_8859_1);
                if (text.contains(breaksAt)) {
                  throw new IOException("the cable was cut");
                }
                out.write(octets, offset, length);
              }
            };
          }
        };
    socket.connect(peer, (int) timeout.toMillis());
    return socket;
  }
}
