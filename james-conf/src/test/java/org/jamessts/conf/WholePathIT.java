package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jamessts.delivery.MailDelivery;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.SmtpInjector;
import org.jamessts.testing.DraftPolicy;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From SMTP into James to SMTP out of it, under policies. */
class WholePathIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** How James greets: a name that needs every rule and data file of IDNA2008. */
  private static final String NAME = "\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.B\u00dcCHER.test";

  @TempDir static Path directory;
  static PrivateInternet internet = new PrivateInternet();
  static JamesProcess james;

  private static JamesLauncher launcher(Path workingDirectory) throws IOException {
    return Installation.ofBuild(Path.of(""))
        .assemble(workingDirectory, internet)
        .edit(
            "mailetcontainer.xml",
            text ->
                text.replaceFirst(
                    "<delayTime>.*</delayTime>",
                    "<delayTime>23*2 seconds</delayTime><heloName>" + NAME + "</heloName>"));
  }

  @BeforeAll
  static void start() throws Exception {
    james = launcher(directory).start();
  }

  @AfterAll
  static void stop() {
    james.close();
    internet.close();
  }

  @Test
  @Rule(value = "RFC 8461 S23", in = MailDelivery.class)
  void shouldDeliverOneMailToThreeDomainsEachUnderItsOwnPolicy() throws Exception {
    internet.policy("first.test", "enforce", "mx.first.test");
    internet.goodMx("first.test", 10, "mx.first.test");
    internet.mxWithoutTls("second.test", 10, "mx.second.test");
    internet.policy("third.test", "enforce", "mx.third.test");
    internet.mx("third.test", 10, "mx.third.test", PrivateCa.selfSigned("mx.third.test"));

    TestMail.submit(james, "a@first.test", "b@second.test", "c@first.test", "d@third.test");

    ReceivedMail first = onlyMail("mx.first.test");
    assertThat(first.recipients()).containsExactlyInAnyOrder("a@first.test", "c@first.test");
    assertThat(first.reversePath()).isEqualTo(TestMail.SENDER);
    assertThat(first.inTls()).isTrue();
    assertThat(first.content()).endsWith("\r\n\r\nHello.\r\n.\r\nGoodbye.\r\n");
    ReceivedMail second = onlyMail("mx.second.test");
    assertThat(second.recipients()).containsExactly("b@second.test");
    assertThat(second.inTls()).isFalse();
    awaitOutcome("deferred", "d@third.test");
    assertThat(internet.receivedFor("d@third.test")).isEmpty();
  }

  @Test
  void shouldGreetInALabels() throws Exception {
    internet.goodMx("greeted.test", 10, "mx.greeted.test");

    TestMail.submit(james, "bob@greeted.test");

    assertThat(onlyMail("mx.greeted.test").ehloName())
        .isEqualTo("xn--mgba3gch31f060k.xn--bcher-kva.test");
  }

  @Test
  void shouldDeliverOverIpv6() throws Exception {
    try (SmtpSink sink = ipv6Sink()) {
      internet.policy("six.test", "enforce", "mx.six.test");
      internet.dns().mx("six.test", 10, "mx.six.test").aaaa("mx.six.test", "::1");

      TestMail.submit(james, "bob@six.test");

      ReceivedMail mail = sink.awaitMails(1, LIMIT).get(0);
      assertThat(mail.recipients()).containsExactly("bob@six.test");
      assertThat(mail.tls()).map(ReceivedMail.Tls::serverName).isNotEmpty();
    }
  }

  private static SmtpSink ipv6Sink() {
    SmtpSink.Builder builder =
        SmtpSink.on("::1").port(internet.smtpPort()).tls(internet.ca().issue("mx.six.test"));
    try {
      return builder.start();
    } catch (UncheckedIOException e) {
      assumeTrue(false, "this machine has no address ::1: " + e.getMessage());
      throw e;
    }
  }

  /** All the ends of data that James lets through; it refuses a bare LF itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\r\n..\r\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\n..\r\n.\r", "\r\r\n..\r"})
  void shouldSendOneTransactionWhateverTheContent(String end) throws Exception {
    String domain = "victim%d.test".formatted(Integer.toUnsignedLong(end.hashCode()));
    String mx = "mx." + domain;
    internet.dns().mx(domain, 10, mx).a(mx, "127.77.2.1");
    try (SmtpSink sink = lenientSink(mx)) {
      String smuggled =
          "MAIL FROM:<evil@%1$s>\r\nRCPT TO:<boss@%1$s>\r\nDATA\r\nSubject: pay\r\n\r\nnow"
              .formatted(domain);

      SmtpInjector.submitAsIs(
          james.smtp(),
          TestMail.SENDER,
          List.of("bob@" + domain),
          "Subject: harmless\r\n\r\nHello" + end + smuggled);
      awaitOutcome("delivered", "bob@" + domain);
      sink.awaitNoConnection(LIMIT);

      assertThat(sink.transactions()).hasSize(1);
      assertThat(sink.transactions().get(0).recipients()).containsExactly("bob@" + domain);
      assertThat(sink.transactions().get(0).content())
          .contains("MAIL FROM:<evil@", "Subject: pay")
          .doesNotContainPattern("\r[^\n]|[^\r]\n");
      assertThat(sink.connections())
          .flatExtracting(connection -> connection.commands())
          .filteredOn(command -> command.startsWith("MAIL"))
          .hasSize(1);
    }
  }

  /** As the victims of smuggling are: any of CRLF, CR and LF ends a line. */
  private static SmtpSink lenientSink(String mx) {
    return SmtpSink.on("127.77.2.1")
        .port(internet.smtpPort())
        .hostName(mx)
        .tls(internet.ca().issue(mx))
        .lenient()
        .start();
  }

  @Test
  void shouldDeliverADeferredMailByItselfOnceTheHostIsRepaired() throws Exception {
    internet.policy("repaired.test", "enforce", "mx.repaired.test");
    internet.mx("repaired.test", 10, "mx.repaired.test", PrivateCa.selfSigned("mx.repaired.test"));
    TestMail.submit(james, "bob@repaired.test");
    awaitOutcome("deferred", "bob@repaired.test");

    internet.replaceMx("mx.repaired.test", internet.ca().issue("mx.repaired.test"));

    assertThat(onlyMail("mx.repaired.test").inTls()).isTrue();
    awaitOutcome("delivered", "bob@repaired.test");
    assertThat(internet.receivedFor("bob@repaired.test")).hasSize(1);
  }

  @Test
  void shouldHoldTheNextMailToWhatTheOperatorSaysOverWebadmin() throws Exception {
    String path = "/sts/overrides/said.test";
    internet.mx("said.test", 10, "mx.said.test", PrivateCa.selfSigned("mx.said.test"));
    TestMail.submit(james, "a@said.test");
    assertThat(onlyMail("mx.said.test").inTls()).isTrue();

    assertThat(james.send("PUT", path, "{\"domain\": \"said.test\", \"minimum\": \"verified\"}"))
        .isEqualTo(204);
    TestMail.submit(james, "b@said.test");

    assertThat(awaitOutcome("deferred", "b@said.test"))
        .contains("450 4.7.5", "operator's minimum (verified) said.test: mx.said.test");
    assertThat(internet.receivedFor("b@said.test")).isEmpty();
    assertThat(james.get("/sts/overrides")).contains("\"changedBy\":\"webadmin at 127.0.0.1\"");
    assertThat(james.log().lines())
        .anyMatch(line -> line.contains("override of said.test set by webadmin at 127.0.0.1: {"));

    assertThat(james.send("DELETE", path, "")).isEqualTo(204);

    awaitOutcome("delivered", "b@said.test");
    assertThat(internet.receivedFor("b@said.test")).hasSize(1);
    assertThat(james.log().lines())
        .anyMatch(line -> line.contains("override of said.test removed by webadmin at 127.0.0.1"));
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A16", in = MailDelivery.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A18", in = MailDelivery.class)
  void shouldEnforceAPolicyOfTheDraftAfterItsFirstSuccess() throws Exception {
    internet.draftPolicy(DraftPolicy.tlsOnly("draft.test", "mx.draft.test"));
    internet.mx("draft.test", 10, "mx.draft.test", PrivateCa.selfSigned("mx.draft.test"));
    TestMail.submit(james, "a@draft.test");
    assertThat(awaitOutcome("delivered", "a@draft.test")).contains("(to=true, candidate)");

    internet.replaceMx("mx.draft.test", internet.ca().issue("mx.draft.test"));
    TestMail.submit(james, "b@draft.test");
    assertThat(awaitOutcome("delivered", "b@draft.test")).contains("verified", "candidate");
    internet.replaceMx("mx.draft.test", PrivateCa.selfSigned("mx.draft.test"));
    TestMail.submit(james, "c@draft.test");

    assertThat(awaitOutcome("deferred", "c@draft.test"))
        .contains("450 4.7.5", "SMTP STS draft (to=true, confirmed) draft.test: mx.draft.test");
    assertThat(internet.receivedFor("c@draft.test")).isEmpty();
    assertThat(james.get("/sts/policies/draft.test")).contains("\"source\":\"sts1\"");
    assertThat(james.get("/sts/sessions")).contains("\"policyType\":\"sts1\"");
  }

  private static ReceivedMail onlyMail(String mx) {
    List<ReceivedMail> mails = internet.server(mx).awaitMails(1, LIMIT);
    assertThat(mails).hasSize(1);
    return mails.get(0);
  }

  private static String awaitOutcome(String outcome, String recipient) throws InterruptedException {
    return james
        .log()
        .awaitLine(
            Pattern.compile("outcome=%s recipients=\\[%s]".formatted(outcome, recipient)), LIMIT);
  }
}
