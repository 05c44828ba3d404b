package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.Strength;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.PrivateInternet.PolicyHostFault;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.PolicySummary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A domain has a record, but no policy that holds: its MX host breaks every rule, and gets mail.
 */
class NoPolicyHoldsTest {

  private static final String DOMAIN = "example.test";

  private final DeliveryWorld world = new DeliveryWorld();
  private final PrivateInternet net = world.internet;

  @AfterEach
  void stop() {
    world.close();
  }

  private void assertLeavesInClear() {
    net.mxWithoutTls(DOMAIN, 10, "mx.example.test");

    assertThat(world.delivery().deliver(world.mailTo(DOMAIN)).delivered()).hasSize(1);
    assertThat(net.receivedFor("bob@" + DOMAIN)).singleElement().matches(mail -> !mail.inTls());
  }

  private List<AppliedPolicy> recorded() {
    return world.recorded(DOMAIN).stream().map(PolicySummary::policy).toList();
  }

  @ParameterizedTest
  @EnumSource(value = PolicyHostFault.class, mode = Mode.EXCLUDE, names = "NONE")
  @Rule(
      value = "RFC 8461 S12",
      in = {StsPolicyService.class, TlsRequirement.class})
  @Rule(value = "RFC 8461 S29", in = SessionLog.class)
  void mailShouldLeaveAndTheDomainBeToldWhenThePolicyCannotBeHad(PolicyHostFault fault) {
    net.policy(DOMAIN, "enforce", "mx.elsewhere.test", fault);

    assertLeavesInClear();
    assertThat(recorded()).contains(AppliedPolicy.unavailableSts(new DomainName(DOMAIN)));
  }

  @Test
  @Rule(value = "RFC 8461 S25", in = TlsRequirement.class)
  @Rule(value = "RFC 8461 S29", in = SessionLog.class)
  void mailShouldLeaveAndNothingCountAgainstAPolicyInModeNone() {
    net.policy(DOMAIN, "none", "mx.elsewhere.test");

    assertLeavesInClear();
    assertThat(world.kept())
        .singleElement()
        .satisfies(known -> assertThat(known.strength()).isEqualTo(Strength.NOTHING));
    assertThat(recorded()).containsExactly(AppliedPolicy.none(new DomainName(DOMAIN)));
  }
}
