package org.jamessts.dane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guard;
import org.jamessts.testing.PrivateCa;
import org.jamessts.x509.CertificateFacts.Fault;
import org.jamessts.x509.CertificateFacts.Finding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each guard forbids happens when it is off, and by no other guard. */
class DaneGuardsTest {

  private static final String MX = "mx.example.com";
  private static final PrivateCa ROOT = PrivateCa.create("root");

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void faultsShouldMissWhatAMissingGuardWouldHaveFound(
      Guard off, List<X509Certificate> chain, TlsaRecord record, Fault missed) {
    Judged judged = Judged.at(Instant.now(), chain);

    assertThat(judged.with(guard -> guard != off).by(record)).isEmpty();
    assertThat(judged.with(guard -> guard == off).by(record))
        .extracting(Finding::fault)
        .containsExactly(missed);
  }

  static Stream<Arguments> faultsShouldMissWhatAMissingGuardWouldHaveFound() {
    PrivateCa stranger = PrivateCa.create("stranger");
    TlsaRecord root = Tlsa.record("2 0 1", ROOT.root());
    return Stream.of(
        arguments(
            Guard.DANE_EE_IS_THE_LEAF,
            ROOT.issue(MX).chain(),
            Tlsa.record("3 0 1", ROOT.root()),
            Fault.NO_TLSA_MATCH),
        arguments(
            Guard.DANE_TA_HAS_SIGNED,
            List.of(stranger.issue(MX).leaf(), ROOT.root()),
            root,
            Fault.NOT_TRUSTED),
        arguments(Guard.DANE_TA_NAMES, ROOT.issue("a.example").chain(), root, Fault.HOST_MISMATCH),
        arguments(Guard.DANE_TA_DATES, ROOT.issueExpired(MX).chain(), root, Fault.EXPIRED));
  }
}
