package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.mail;

import java.util.List;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.StatusReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that James lets in: none of them breaks a transaction, nor a neighbour's delivery. */
class HostileAddressTest {

  private final MailetWorld world = new MailetWorld();

  @BeforeEach
  void host() {
    world.net.goodMx(DOMAIN, 10, MX);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a b\"@example.test",
        "\"a\\\"b\"@example.test",
        "\"a@b\"@example.test",
        "o'neill+x=y@example.test",
      })
  void unusualAddressShouldArriveAsItIs(String address) throws Exception {
    world.deliver(world.start(), mail(address).sender(address));

    assertThat(world.net.server(MX).mails())
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.recipients()).containsExactly(address);
              assertThat(mail.reversePath()).isEqualTo(address);
            });
  }

  /** Each is accepted by James's MailAddress, and none can be carried by SMTP. */
  static final String HOSTILE = "\"x> SIZE=1 <y\"@example.test";

  @ParameterizedTest
  @ValueSource(
      strings = {
        HOSTILE,
        "\"a\\\r\\\nRCPT TO:<eve@example.test>\"@example.test",
        "a\\\r\\\nDATA@example.test",
        "\"a\u0001b\"@example.test",
      })
  void recipientThatSmtpCannotCarryShouldBounceAlone(String address) throws Exception {
    world.deliver(world.start(), mail(address, BOB));

    assertThat(world.net.server(MX).mails())
        .singleElement()
        .extracting(ReceivedMail::recipients)
        .isEqualTo(List.of(BOB));
    assertOneTransaction();
    assertThat(world.bounceText()).contains("553 5.1.3", "not a mailbox that SMTP can carry");
    StatusReport told = world.onlyNotification();
    assertThat(told.text().replace("\r\n", "")).matches("[ -~\u00f6]*");
    assertThat(told.text().lines()).noneMatch(line -> line.matches("(RCPT|DATA).*"));
    assertThat(told.recipients()).hasSize(1);
    assertThat(world.queue.getSize()).isZero();
  }

  private void assertOneTransaction() {
    assertThat(world.net.server(MX).connections()).hasSize(1);
    SinkConnection connection = world.net.server(MX).connections().get(0);
    assertThat(connection.violations()).isEmpty();
    assertThat(connection.commands()).filteredOn(line -> line.startsWith("RCPT")).hasSize(1);
  }

  @Test
  void senderThatSmtpCannotCarryShouldBounceAsSuch() throws Exception {
    world.deliver(world.start(), mail(BOB, "carol@" + DOMAIN).sender(HOSTILE));

    // RFC 3463 §3.2: X.1.7 is about the sender's address.
    assertThat(world.bounceText()).contains("553 5.1.7", BOB, "carol@" + DOMAIN, "sender");
    assertThat(world.net.server(MX).connections()).isEmpty();
  }
}
