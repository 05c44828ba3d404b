package org.jamessts.bench;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dane.DaneCertificates;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dane.TlsaSet;
import org.jamessts.decide.Channel;
import org.jamessts.decide.DaneHost;
import org.jamessts.decide.DaneRequirement;
import org.jamessts.decide.TlsaCheck;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guards;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.PrivateCa;
import org.jamessts.tls.TlsFacts;
import org.jamessts.x509.CertificateFacts;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;

/** A session with a host that presents its certificate, that of its authority, and the root. */
final class RecordedSession {

  private static final DomainName HOST = new DomainName("mx.example.com");
  private static final int SPKI = 1;
  private static final int SHA2_256 = 1;

  private final List<X509Certificate> chain;
  private final CertificateFacts recorded;

  RecordedSession() {
    PrivateCa root = PrivateCa.create("root");
    PrivateCa authority =
        root.intermediate(new CertificateDraft().commonName("authority").authority());
    this.chain = authority.issue(HOST.value()).chain();
    this.recorded =
        new PathBuilder(TrustAnchors.of(List.of(root.root())), Clock.systemUTC()).facts(chain);
  }

  /** As it was recorded after the handshake; what was found since is remembered. */
  Channel recorded() {
    return channel(recorded);
  }

  /** As it is right after the handshake. */
  Channel fresh() {
    return channel(
        new CertificateFacts(chain, recorded.path(), List.of(HOST.value()), Optional.empty()));
  }

  private static Channel channel(CertificateFacts facts) {
    return new Channel.Encrypted(new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", HOST, facts));
  }

  /**
   * What a record asks for: {@code 3 1 1} of the host's own key, {@code 2 1 1} of its authority's.
   */
  DaneRequirement requirement(int usage) {
    TlsaRecord record =
        new TlsaRecord(usage, SPKI, SHA2_256, digest(chain.get(usage == 3 ? 0 : 1)));
    DaneHost host =
        new DaneHost(
            HOST,
            new DaneLookup.Usable(new TlsaSet(HOST, List.of(record))),
            Set.of(HOST),
            true,
            true);
    return new DaneRequirement(
        new TlsaCheck(host, new DaneCertificates(false, Guards.ALL)), false, Set.of());
  }

  private static byte[] digest(X509Certificate certificate) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Judges a session that nothing is wrong with. */
  static Verdict judge(DaneRequirement requirement, Channel channel, Instant now) {
    Verdict verdict = requirement.judge(HOST, channel, now);
    if (verdict.finding().isPresent()) {
      throw new IllegalStateException("refused: " + verdict);
    }
    return verdict;
  }
}
