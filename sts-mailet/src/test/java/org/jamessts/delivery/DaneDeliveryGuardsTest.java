package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.jamessts.guard.Guard;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.DnssecFault;
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
    demand(DOMAIN);

    assertBreachWithout(Guard.MANDATORY_DANE_NEEDS_RECORDS);
  }

  @Test
  void mailShouldNotGoToAnAttackerWhoForgesRecords() {
    signed(OTHER, key(ODD.leaf()));
    net.dns().fault(tlsaName(MX), "TLSA", DnssecFault.forge(attackers()));

    assertBreachWithout(Guard.BOGUS_IS_NO_ANSWER);
  }

  @Test
  void mailShouldNotGoToAnAttackerWhoSignsRecordsInAnUnsignedZone() {
    signed(OTHER, key(ODD.leaf()));
    net.dns().fault(tlsaName(MX), "TLSA", DnssecFault.forgeSignedBy(PLAIN, attackers()));

    assertBreachWithout(Guard.SIGNER_IS_ABOVE_OWNER);
  }

  private String attackers() {
    return tlsaName(MX) + ". TLSA " + key(OTHER.leaf());
  }

  @Test
  void mailShouldNotGoToAHostWhoseRecordsAreDeniedByAnUnsignedZone() {
    signed(OTHER, key(ODD.leaf()));
    net.dns().fault(tlsaName(MX), "TLSA", DnssecFault.denyName(PLAIN));

    assertBreachWithout(Guard.AUTHORITY_IS_ABOVE_NAME);
  }

  @Test
  void mailShouldNotGoToAHostWhenTheKeysOfItsRecordsAreKeptBack() {
    String zone = "_tcp." + MX;
    net.dns().sign(zone);
    signed(OTHER, key(ODD.leaf()));
    net.dns().fault(zone, "DNSKEY", DnsFault.SERVFAIL);
    net.dns().fault(tlsaName(MX), "TLSA", DnssecFault.denyData(zone));

    assertBreachWithout(Guard.NO_PROOF_IS_NO_ANSWER);
  }

  @Test
  void mailShouldNotGoToAHostWhoseRecordsAreDisproved() {
    signed(OTHER, key(ODD.leaf()));
    net.dns().fault(tlsaName(MX), "TLSA", DnssecFault.CORRUPT_SIGNATURES);

    assertBreachWithout(Guard.TLSA_FAILURE_IS_NO_ANSWER);
  }
}
