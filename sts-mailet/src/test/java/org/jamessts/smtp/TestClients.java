package org.jamessts.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.PrivateCa;
import org.jamessts.tls.TlsHandshaker;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;

/** Clients for tests, and the authority that they trust. */
final class TestClients {

  static final DomainName MX = new DomainName("mx.example.com");
  static final Duration PATIENT = Duration.ofSeconds(30);
  static final Duration IMPATIENT = Duration.ofMillis(800);
  static final String HELO_NAME = "client.test";

  private TestClients() {}

  /** One that waits as long as a slow build machine may need. */
  static SmtpClient patient(PrivateCa ca) {
    return client(ca, SmtpTimeouts.standard(PATIENT, PATIENT));
  }

  static SmtpClient client(PrivateCa ca, SmtpTimeouts timeouts) {
    return new SmtpClient(SocketDialer.unbound(), timeouts, handshaker(ca), HELO_NAME);
  }

  static TlsHandshaker handshaker(PrivateCa ca) {
    return new TlsHandshaker(
        new PathBuilder(TrustAnchors.of(List.of(ca.root())), Clock.systemUTC()));
  }

  static Envelope envelope(String reversePath, String... recipients) {
    try {
      return Envelope.parse(reversePath, List.of(recipients));
    } catch (InvalidMailboxException e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("AddressSelection") // A literal has one address.
  static boolean hasIpv6() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
