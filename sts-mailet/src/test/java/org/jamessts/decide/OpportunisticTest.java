package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.PrivateCa;
import org.jamessts.tls.TlsFacts;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.x509.CertificateFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OpportunisticTest {

  private static final DomainName MX = new DomainName("mx.example.net");
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final TlsRequirement ANYTHING = new Opportunistic();

  static List<Arguments> channelsWithoutTls() {
    return List.of(
        Arguments.of(new Channel.NotOffered(), ResultType.STARTTLS_NOT_SUPPORTED),
        Arguments.of(new Channel.Refused("454 no"), ResultType.STARTTLS_NOT_SUPPORTED),
        Arguments.of(new Channel.HandshakeFailed("alert"), ResultType.VALIDATION_FAILURE));
  }

  @ParameterizedTest
  @MethodSource("channelsWithoutTls")
  void clearTextShouldBeUsedAndRecordedWhenTlsCannotBeHad(Channel channel, ResultType type) {
    Verdict verdict = ANYTHING.judge(MX, channel, NOW);

    assertThat(verdict).isInstanceOf(Verdict.Proceed.class);
    assertThat(verdict.finding()).map(Finding::type).contains(type);
    assertThat(verdict.finding().orElseThrow().why().evidence()).startsWith("mx.example.net");
  }

  @Test
  void certificateShouldNotMatterWhenNothingIsPromised() {
    CertificateFacts worthless =
        new CertificateFacts(
            List.of(PrivateCa.create("nobody").root()),
            new CertificateFacts.Untrusted("self-signed"),
            List.of("elsewhere.example"),
            Optional.empty());
    Channel channel = new Channel.Encrypted(new TlsFacts("TLSv1.2", "any", MX, worthless));

    assertThat(ANYTHING.judge(MX, channel, NOW)).isEqualTo(new Verdict.Proceed(Optional.empty()));
  }

  @Test
  void everyHostShouldBeAdmitted() {
    assertThat(ANYTHING.admit(MX)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertThat(ANYTHING.verifies()).isFalse();
    assertThat(ANYTHING.enforced()).isFalse();
    assertThat(ANYTHING.describe()).isEqualTo("no policy");
  }
}
