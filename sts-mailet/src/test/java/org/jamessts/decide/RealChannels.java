package org.jamessts.decide;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jamessts.testing.PrivateCa;
import org.jamessts.tls.TlsFacts;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;

/** Channels to one host with real chains of certificates. */
final class RealChannels {

  static final PrivateCa CA = PrivateCa.create("Everybody's");

  /** Good for the host by every measure. */
  static final PrivateCa.Credential GOOD = CA.issue(Channels.MX.value());

  /** Good for another host. */
  static final PrivateCa.Credential OTHER = CA.issue("other.example");

  /** For the host, by nobody. */
  static final PrivateCa.Credential SELF_SIGNED = PrivateCa.selfSigned(Channels.MX.value());

  /** A moment at which all of these are valid. */
  static final Instant NOW = GOOD.leaf().getNotBefore().toInstant().plus(Duration.ofDays(1));

  private static final PathBuilder PATHS =
      new PathBuilder(TrustAnchors.of(List.of(CA.root())), Clock.fixed(NOW, ZoneOffset.UTC));

  private RealChannels() {}

  static Channel tls(PrivateCa.Credential credential) {
    return new Channel.Encrypted(
        new TlsFacts(
            "TLSv1.3", "TLS_AES_128_GCM_SHA256", Channels.MX, PATHS.facts(credential.chain())));
  }
}
