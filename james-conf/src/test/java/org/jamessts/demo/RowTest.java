package org.jamessts.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jamessts.demo.Scenario.Fate;
import org.jamessts.testing.ReceivedMail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A demo that cannot fail shows nothing. */
class RowTest {

  private static final ReceivedMail IN_TLS =
      mail(Optional.of(new ReceivedMail.Tls("TLSv1.3", Optional.empty())));
  private static final ReceivedMail IN_CLEAR = mail(Optional.empty());

  private static ReceivedMail mail(Optional<ReceivedMail.Tls> tls) {
    return new ReceivedMail(
        "alice@sender.test",
        List.of("bob@a.test"),
        List.of(),
        List.of(),
        "Subject: x\r\n",
        0,
        true,
        "james.test",
        InetAddress.getLoopbackAddress(),
        tls);
  }

  private static List<ReceivedMail> received(Fate fate) {
    return switch (fate) {
      case TLS -> List.of(IN_TLS);
      case CLEAR -> List.of(IN_CLEAR);
      case NOTHING -> List.of();
    };
  }

  private static Optional<OwnVerdict> said(Fate fate) {
    return Optional.of(
        switch (fate) {
          case TLS ->
              new OwnVerdict("delivered", "channel=\"TLSv1.3 verified\" p", Optional.empty());
          case CLEAR -> new OwnVerdict("delivered", "channel=clear p", Optional.empty());
          case NOTHING -> new OwnVerdict("deferred", "reason=\"x\"", Optional.empty());
        });
  }

  private static Scenario expecting(Fate fate) {
    return new Scenario("a.test", "enforce", "a situation", fate, internet -> {});
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          TLS,     TLS,     TLS,     true
          CLEAR,   CLEAR,   CLEAR,   true
          NOTHING, NOTHING, NOTHING, true
          NOTHING, TLS,     NOTHING, false
          NOTHING, CLEAR,   NOTHING, false
          NOTHING, TLS,     TLS,     false
          TLS,     NOTHING, TLS,     false
          TLS,     CLEAR,   TLS,     false
          TLS,     CLEAR,   CLEAR,   false
          TLS,     TLS,     NOTHING, false
          TLS,     TLS,     CLEAR,   false
          CLEAR,   TLS,     CLEAR,   false
          """)
  void shouldBeRightOnlyWhenStandardServersAndVerdictAgree(
      Fate expected, Fate received, Fate said, boolean right) {
    assertThat(new Row(expecting(expected), received(received), said(said)).isRight())
        .isEqualTo(right);
  }

  @Test
  void shouldNotBeRightWithoutAVerdict() {
    assertThat(new Row(expecting(Fate.NOTHING), List.of(), Optional.empty()).isRight()).isFalse();
  }

  @Test
  void shouldNotBeRightWhenAMailCameTwice() {
    Row twice = new Row(expecting(Fate.TLS), List.of(IN_TLS, IN_TLS), said(Fate.TLS));

    assertThat(twice.isRight()).isFalse();
    assertThat(twice.arrived()).isEqualTo("12 + 12 octets, TLS");
  }

  @Test
  void shouldCountAsClearWhenOneOfTwoMailsCameInClear() {
    assertThat(new Row(expecting(Fate.TLS), List.of(IN_TLS, IN_CLEAR), said(Fate.TLS)).fate())
        .isEqualTo(Fate.CLEAR);
  }

  @Test
  void shouldSayInTheReportWhichRowIsWrong() {
    Row wrong = new Row(expecting(Fate.NOTHING), List.of(IN_CLEAR), said(Fate.CLEAR));
    Row right = new Row(expecting(Fate.TLS), List.of(IN_TLS), said(Fate.TLS));

    assertThat(Report.of(List.of(right, wrong)))
        .containsPattern("a.test +enforce +a situation +12 octets, TLS +right")
        .containsPattern("a.test +enforce +a situation +12 octets, CLEAR +WRONG")
        .containsOnlyOnce("what must arrive: NOTHING")
        .contains("1 of 2 rows are what the standards say");
  }
}
