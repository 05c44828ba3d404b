package org.jamessts.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jamessts.demo.Scenario.Fate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnVerdictTest {

  private static final String TIME = "2026-11-23T20:39:16.395Z INFO  ";
  private static final String LINE = TIME + "o.j.delivery.Aftermath - mail=Mail1-to-a.test ";
  private static final String BOB = " recipients=[bob@a.test] ";

  private static OwnVerdict verdict(String... log) {
    return OwnVerdict.of(List.of(log), "bob@a.test").orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          delivered | channel="TLSv1.3 verified" policy="p" reply="250 ok"            | TLS
          delivered | channel="TLSv1.2 unverified" policy="no policy" reply="250 ok"  | TLS
          delivered | channel=clear policy="no policy" finding="f" reply="250 ok"     | CLEAR
          deferred  | retry=1 in=PT5M code="450 4.7.5" reason="channel=clear seen"    | NOTHING
          bounced   | code="556 5.1.10" reason="a.test accepts no mail"               | NOTHING
          """)
  void shouldSayWhatTheReceiverMustHaveSeen(String outcome, String rest, Fate fate) {
    assertThat(verdict(LINE + "outcome=" + outcome + BOB + rest).fate()).contains(fate);
  }

  @Test
  void shouldNotGuessAChannel() {
    assertThat(verdict(LINE + "outcome=delivered" + BOB + "mx=mx.a.test").fate()).isEmpty();
  }

  @Test
  void shouldTakeTheLastLineAboutTheRecipient() {
    OwnVerdict last =
        verdict(
            LINE + "outcome=deferred" + BOB + "code=\"450\" reason=\"not yet\"",
            LINE + "outcome=bounced" + BOB + "code=\"550\" reason=\"no more\"",
            LINE + "outcome=delivered recipients=[bob@b.test] channel=clear policy=\"p\"");

    assertThat(last.why()).isEqualTo("returned to its sender: no more");
  }

  @Test
  void shouldNotTakeLinesAboutOthersOrOfOthers() {
    List<String> log =
        List.of(
            LINE + "outcome=deferred recipients=[bob@a.test.example] reason=\"x\"",
            LINE + "outcome=deferred recipients=[rob@a.test] reason=\"x\"",
            TIME + "o.a.j.s.SendMailHandler - Successfully spooled mail for [bob@a.test]");

    assertThat(OwnVerdict.of(log, "bob@a.test")).isEqualTo(Optional.empty());
    assertThat(OwnVerdict.count(log, "bob@a.test")).isZero();
  }

  @Test
  void shouldNotTakeTheWordsOfAStrangerForAVerdict() {
    String said = "outcome=delivered" + BOB + "mx=mx.a.test channel=clear policy=\"p\"";
    List<String> log =
        List.of(
            TIME + "o.j.p.Fetching - policy of a.test, id 1: line 1 is no field: \"" + said,
            LINE + "outcome=bounced recipients=[\"x] " + said.replace("\"", "\\\""));

    assertThat(OwnVerdict.of(log, "bob@a.test")).isEqualTo(Optional.empty());
  }

  @Test
  void shouldCountEachTurnOfAMail() {
    String line = LINE + "outcome=deferred" + BOB + "reason=\"x\"";

    assertThat(OwnVerdict.count(List.of(line, "between", line), "bob@a.test")).isEqualTo(2);
  }

  @Test
  void shouldTellWhyAMailIsKept() {
    String line =
        LINE + "outcome=deferred" + BOB + "code=\"450 4.7.5\" reason=\"it has \\\"holes\\\"\"";

    assertThat(verdict(line).why()).isEqualTo("kept for a later try: it has \"holes\"");
  }

  @Test
  void shouldTellWhereAVerifiedMailWent() {
    String line = LINE + "outcome=delivered" + BOB + "mx=mx.a.test channel=\"TLSv1.3 verified\" p";

    assertThat(verdict(line).why()).isEqualTo("delivered to mx.a.test over TLSv1.3, verified");
  }

  @Test
  void shouldTellWhyNothingMoreWasNeeded() {
    String sent = LINE + "outcome=delivered" + BOB + "mx=mx.a.test channel=";

    assertThat(verdict(sent + "\"TLSv1.3 unverified\" policy=\"no policy\"").why())
        .isEqualTo("delivered to mx.a.test over TLSv1.3, not verified: no policy asks for it");
    assertThat(verdict(sent + "clear policy=\"no policy\" finding=\"no STARTTLS\" reply").why())
        .isEqualTo("delivered to mx.a.test in clear text: no STARTTLS");
  }

  @Test
  void shouldNameThePolicyThatDecided() {
    String sent = LINE + "outcome=delivered" + BOB + "mx=mx.a.test channel=\"TLSv1.3 ";

    assertThat(verdict(sent + "verified\" policy=\"DANE mx.a.test\" reply").why())
        .endsWith("over TLSv1.3, verified: DANE mx.a.test");
    assertThat(verdict(sent + "unverified\" policy=\"DANE mx.a.test (no usable records)\"").why())
        .endsWith(", not verified: DANE mx.a.test (no usable records) asks for no more");
  }

  @Test
  void shouldTellThatThePolicyCouldNotBeHad() {
    String policyOf = TIME + "o.j.p.Fetching - policy of ";
    OwnVerdict verdict =
        verdict(
            policyOf + "b.test, id 1: somebody else's trouble",
            policyOf + "a.test, id 1: the answer has status 301, not 200",
            LINE + "outcome=delivered" + BOB + "mx=mx.a.test channel=\"TLSv1.3 unverified\" p");

    assertThat(verdict.why())
        .startsWith("delivered to mx.a.test over TLSv1.3, not verified")
        .endsWith("could be had: the answer has status 301, not 200");
  }

  @Test
  void shouldTellThatNobodyVouchesForThePolicy() {
    OwnVerdict verdict =
        verdict(
            TIME + "o.j.p.Fetching - policy of a.test, id 1: it is not the TXT record",
            LINE
                + "outcome=delivered"
                + BOB
                + "mx=mx.a.test channel=\"TLSv1.3 unverified\""
                + " policy=\"SMTP STS draft (to=true, not authenticated) a.test\" finding=\"x\"");

    assertThat(verdict.why())
        .endsWith(
            ", not verified, since the domain does not vouch for its policy: it is not the TXT"
                + " record");
  }
}
