package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jamessts.dane.DigestAgility;
import org.jamessts.dns.DomainName;
import org.jamessts.settings.StsSettings;
import org.jamessts.settings.StsSettings.InsecureMx;
import org.jamessts.settings.StsSettings.Use;
import org.jamessts.settings.StsSettings.WithMtaSts;
import org.jamessts.testing.PrivateCa;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionPeers;
import org.junit.jupiter.api.Test;

/** What a domain with TLSA records is told of sessions (RFC 8460 §4.2 to §4.4). */
class DaneSessionsTest extends DaneWorld {

  private PolicySummary recorded(AppliedPolicy.Type type) {
    return world.recorded(DOMAIN).stream()
        .filter(summary -> summary.policy().type() == type)
        .findFirst()
        .orElseThrow();
  }

  private static ResultType failure(PolicySummary summary) {
    assertThat(summary.successfulSessions()).isZero();
    assertThat(summary.failedSessions()).isEqualTo(1);
    return summary.failures().get(0).failure().type();
  }

  @Test
  void recordsShouldBeThePolicyInTheirOwnOrder() {
    signed(ODD, key(OTHER.leaf()));
    tlsa(MX, key(ODD.leaf()));
    tlsa(MX, "2 0 1 " + digest(new byte[] {1}));

    assertThat(deliver().delivered()).hasSize(1);

    assertThat(world.recorded(DOMAIN))
        .singleElement()
        .satisfies(
            summary -> {
              assertThat(summary.policy().type()).isEqualTo(AppliedPolicy.Type.TLSA);
              assertThat(summary.policy().policyDomain()).isEqualTo(new DomainName(DOMAIN));
              assertThat(summary.policy().policyString())
                  .hasSize(3)
                  .isSorted()
                  .contains(key(ODD.leaf()), key(OTHER.leaf()));
              assertThat(summary.policy().mxHost()).isEmpty();
              assertThat(summary.successfulSessions()).isEqualTo(1);
            });
  }

  @Test
  void certificateThatMatchesNoRecordShouldBeTlsaInvalid() {
    signed(ODD, key(OTHER.leaf()));

    deliver();

    PolicySummary summary = recorded(AppliedPolicy.Type.TLSA);
    assertThat(failure(summary)).isEqualTo(ResultType.TLSA_INVALID);
    assertThat(summary.policy().tlsaBase()).contains(new DomainName(MX));
    SessionPeers peers = summary.failures().get(0).failure().peers();
    assertThat(peers.sendingIp())
        .hasValueSatisfying(ip -> assertThat(ip.isLoopbackAddress()).isTrue());
    assertThat(peers.receivingMx()).contains(new DomainName(MX));
    assertThat(peers.receivingIp())
        .hasValueSatisfying(ip -> assertThat(ip.isLoopbackAddress()).isTrue());
    assertThat(peers.receivingHelo()).contains(MX);
    assertThat(world.recorded(DOMAIN)).hasSize(1);
  }

  @Test
  void recordsThatNobodyCanTellOfShouldBeDnssecInvalid() {
    signed(ODD, key(ODD.leaf()));
    failing(MX);

    deliver();

    PolicySummary summary = recorded(AppliedPolicy.Type.TLSA);
    assertThat(failure(summary)).isEqualTo(ResultType.DNSSEC_INVALID);
    assertThat(summary.policy().policyString()).isEmpty();
    assertThat(summary.failures().get(0).failure().peers().receivingMx())
        .contains(new DomainName(MX));
  }

  @Test
  void recordsThatAreDemandedAndMissingShouldBeDaneRequired() {
    net.goodMx(DOMAIN, 10, MX);
    demand(DOMAIN);

    deliver();

    assertThat(failure(recorded(AppliedPolicy.Type.TLSA))).isEqualTo(ResultType.DANE_REQUIRED);
  }

  @Test
  void unusableRecordsShouldCountAsTlsa() {
    signed(ODD, "1 1 1 " + digest(new byte[0]));
    tlsa(MX, "3 1 1 00ff");

    deliver();

    assertThat(recorded(AppliedPolicy.Type.TLSA).successfulSessions()).isEqualTo(1);
    assertThat(recorded(AppliedPolicy.Type.TLSA).policy().policyString())
        .containsExactly("1 1 1 " + digest(new byte[0]), "3 1 1 00ff");
    assertThat(world.recorded(DOMAIN)).hasSize(1);
  }

  @Test
  void eachOfTwoPoliciesShouldHaveItsOwnFinding() {
    PrivateCa.Credential selfSigned = PrivateCa.selfSigned(MX);
    net.policy(DOMAIN, "testing", MX);
    signed(selfSigned, key(selfSigned.leaf()));

    // DANE vouches for what MTA-STS, which is only tested, finds wrong.
    assertThat(how())
        .contains(
            "channel=\"TLSv1.3 verified",
            "policy=\"DANE mx.good.example and MTA-STS (testing) good.example\"",
            "finding=\"MTA-STS (testing)");

    assertThat(recorded(AppliedPolicy.Type.TLSA).successfulSessions()).isEqualTo(1);
    assertThat(failure(recorded(AppliedPolicy.Type.STS)))
        .isEqualTo(ResultType.CERTIFICATE_NOT_TRUSTED);
  }

  @Test
  void whoRunsAHostShouldBeToldOnceOfASessionWithMailOfManyDomains() {
    world.toHosts = true;
    signed(ODD, key(ODD.leaf()));
    net.dns().mx(PROVIDER, 10, MX);
    try (MailDelivery delivery = world.delivery()) {
      for (String domain : List.of(DOMAIN, PROVIDER, DOMAIN)) {
        assertThat(delivery.deliver(world.mailTo(domain)).delivered()).hasSize(1);
      }
    }

    assertThat(net.server(MX).connections()).hasSize(1);
    assertThat(List.of(DOMAIN, PROVIDER, MX))
        .allSatisfy(
            told ->
                assertThat(world.recorded(told))
                    .singleElement()
                    .matches(summary -> summary.successfulSessions() == 1)
                    .extracting(summary -> summary.policy().policyString())
                    .isEqualTo(List.of(key(ODD.leaf()))));
  }

  @Test
  void whoRunsAHostShouldBeToldOfFailuresWhereThatIsWanted() {
    signed(ODD, key(OTHER.leaf()));
    deliver();
    assertThat(world.recorded(MX)).isEmpty();

    world.toHosts = true;
    deliver();

    assertThat(world.recorded(MX))
        .singleElement()
        .extracting(DaneSessionsTest::failure)
        .isEqualTo(ResultType.TLSA_INVALID);
  }

  @Test
  void policyThatDaneReplacesShouldNotCount() {
    PrivateCa.Credential selfSigned = PrivateCa.selfSigned(MX);
    net.policy(DOMAIN, "enforce", MX);
    signed(selfSigned, key(selfSigned.leaf()));
    assertHeldBack(deliver(), "450 4.7.5", "MTA-STS (enforce) good.example");

    DeliveryReport report =
        world
            .delivery(
                new StsSettings.Dane(
                    Use.ON,
                    InsecureMx.OPPORTUNISTIC,
                    WithMtaSts.DANE_ALONE,
                    false,
                    DigestAgility.STANDARD))
            .deliver(world.mailTo(DOMAIN));

    assertThat(report.delivered()).hasSize(1);
    assertThat(report.delivered().get(0).how()).contains("policy=\"DANE mx.good.example\"");
    assertThat(recorded(AppliedPolicy.Type.TLSA).successfulSessions()).isEqualTo(2);
    assertThat(failure(recorded(AppliedPolicy.Type.STS)))
        .isEqualTo(ResultType.CERTIFICATE_NOT_TRUSTED);
  }
}
