package org.jamessts.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.PrivateCa;
import org.jamessts.tls.TlsFacts;
import org.jamessts.x509.CertificateFacts;
import org.jamessts.x509.CertificateFacts.Path;
import org.jamessts.x509.CertificateFacts.Trusted;
import org.jamessts.x509.CertificateFacts.Untrusted;

/** Channels to one host as they may turn out, at one moment. */
final class Channels {

  static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  static final DomainName MX = new DomainName("mx1.example.com");
  static final DomainName STRANGER = new DomainName("mx.attacker.example");

  static final Path VALID = trusted(-1, 1);
  static final Path EXPIRED = trusted(-9, -1);
  static final Path FUTURE = trusted(1, 9);
  static final Path UNTRUSTED = new Untrusted("unknown root");

  private static final PrivateCa CA = PrivateCa.create("decide");

  private Channels() {}

  private static Path trusted(int firstDay, int lastDay) {
    return new Trusted(NOW.plus(Duration.ofDays(firstDay)), NOW.plus(Duration.ofDays(lastDay)));
  }

  /** TLS with a certificate for these DNS-IDs. */
  static Channel tls(Path path, String... dnsIds) {
    return tls(new CertificateFacts(List.of(CA.root()), path, List.of(dnsIds), Optional.empty()));
  }

  /** TLS with a certificate without alternative names. */
  static Channel commonName(Path path, String name) {
    return tls(new CertificateFacts(List.of(CA.root()), path, List.of(), Optional.of(name)));
  }

  /** TLS with a chain that leads nowhere and whose leaf has ended, for another host. */
  static Channel everythingWrong() {
    PrivateCa.Credential leaf =
        CA.issue(NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(1)), "other.example");
    return tls(
        new CertificateFacts(
            List.of(leaf.leaf()), UNTRUSTED, List.of("other.example"), Optional.empty()));
  }

  /** The same for the right host. */
  static Channel untrustedAndExpired() {
    PrivateCa.Credential leaf =
        CA.issue(NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(1)), MX.value());
    return tls(
        new CertificateFacts(
            List.of(leaf.leaf()), UNTRUSTED, List.of(MX.value()), Optional.empty()));
  }

  private static Channel tls(CertificateFacts facts) {
    return new Channel.Encrypted(new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", MX, facts));
  }
}
