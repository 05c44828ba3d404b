package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.jamessts.guard.Guard;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SmtpEffect;
import org.junit.jupiter.api.Test;

/** Each guard of a decision by DANE holds mail back, and without it the mail leaves. */
class DaneDeliveryGuardsTest extends DaneWorld {

  private void assertBreachWithout(Guard guard) {
    assertThat(deliver().deferred()).as("while %s stands", guard).hasSize(1);
    assertThat(received()).isEmpty();

    world.guards = any -> any != guard;

    assertThat(deliver().delivered()).as("without %s", guard).hasSize(1);
    assertThat(received()).hasSize(1);
  }

  @Test
  void mailShouldNotGoToTheDomainItselfWhenItsMxRecordsAreBlocked() {
    net.goodMx(DOMAIN, 10, MX);
    net.implicitMx(DOMAIN);
    net.dns().fault(DOMAIN, "MX", DnsFault.SERVFAIL);

    assertBreachWithout(Guard.MX_FAILURE_DEFERS);
  }

  @Test
  void mailShouldNotGoToAHostWhoseRecordsAreBlocked() {
    signed(OTHER, key(ODD.leaf()));
    failing(MX);

    assertBreachWithout(Guard.DANE_FAILURE_SKIPS_HOST);
  }

  @Test
  void mailShouldNotGoInClearTextWhenStartTlsIsCutOut() {
    signed(ODD, key(ODD.leaf()));
    net.server(MX).effects(SmtpEffect.hideStartTls());

    assertBreachWithout(Guard.DANE_ALLOWS_NO_CLEAR_TEXT);
    assertThat(received()).noneMatch(ReceivedMail::inTls);
  }

  @Test
  void mailShouldNotGoToAHostWithoutRecordsWhenDaneIsDemanded() {
    net.mx(DOMAIN, 10, MX, OTHER);
    world.proven.add(DOMAIN, MX);
    demand();

    assertBreachWithout(Guard.MANDATORY_DANE_NEEDS_RECORDS);
  }
}
