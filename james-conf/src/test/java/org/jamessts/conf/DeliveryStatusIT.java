package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.SmtpInjector;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.StatusReport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sender's server gets from a real James when mail fails or is late. */
class DeliveryStatusIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CONTENT =
      "Subject: lunch\r\nMessage-ID: <1@sender.test>\r\n\r\nHello.";

  @TempDir static Path directory;
  static PrivateInternet internet = new PrivateInternet();
  static JamesProcess james;

  private static JamesLauncher launcher() throws IOException {
    return Installation.ofBuild(Path.of(""))
        .assemble(directory, internet)
        .edit(
            "mailetcontainer.xml",
            text ->
                text.replaceFirst("<delayTime>.*</delayTime>", "<delayTime>1 second</delayTime>")
                    .replaceFirst("<expireAfter>.*</", "<expireAfter>6 seconds</")
                    .replaceFirst("<delayWarningAfter>.*</", "<delayWarningAfter>2 seconds</")
                    .replaceFirst(
                        "<mailet match=\"All\" class=\"org.jamessts.delivery.StsBounce\"/>",
                        stock("DSNBounce") + stock("Bounce") + "$0"))
        .edit(
            "smtpserver.xml",
            text ->
                text.replaceFirst(
                    "<handler class=",
                    hook("DSNEhloHook")
                        + hook("DSNMailParameterHook")
                        + hook("DSNRcptParameterHook")
                        + hook("DSNMessageHook")
                        + "$0"));
  }

  /** James's own mailet, for recipients at a domain of its name. */
  private static String stock(String mailet) {
    return "<mailet match=\"HostIs=%s.test\" class=\"%s\"><passThrough>false</passThrough></mailet>"
        .formatted(mailet.toLowerCase(Locale.ROOT), mailet);
  }

  private static String hook(String name) {
    return "<handler class=\"org.apache.james.smtpserver.dsn." + name + "\"/>";
  }

  @BeforeAll
  static void start() throws Exception {
    james = launcher().start();
  }

  @AfterAll
  static void stop() {
    james.close();
    internet.close();
  }

  /** A sender at a domain of his own, whose server keeps what it gets. */
  private static String sender(String domain) {
    internet.goodMx(domain, 10, "mx." + domain);
    return "alice@" + domain;
  }

  private static List<ReceivedMail> told(String sender, int count) {
    String domain = sender.substring(sender.indexOf('@') + 1);
    List<ReceivedMail> mails = internet.server("mx." + domain).awaitMails(count, LIMIT);
    assertThat(mails).hasSize(count);
    assertThat(mails)
        .allSatisfy(
            mail -> {
              assertThat(mail.recipients()).containsExactly(sender);
              // RFC 3464 §2: so that it is never answered.
              assertThat(mail.reversePath()).isEmpty();
            });
    return mails;
  }

  private static void refusing(String domain) {
    internet.goodMx(domain, 10, "mx." + domain);
    internet
        .server("mx." + domain)
        .effects(SmtpEffect.replyTo("gone@" + domain, "550 5.1.1 no such user"));
  }

  private static void submit(String mail, String... recipients) throws IOException {
    List<String> envelope = new ArrayList<>(List.of("MAIL FROM:" + mail));
    for (String recipient : recipients) {
      envelope.add("RCPT TO:" + recipient);
    }
    SmtpInjector.transact(james.smtp(), envelope, CONTENT);
  }

  @Test
  void failureShouldBeToldFieldByField() throws Exception {
    refusing("refuses.test");
    String sender = sender("asks.test");

    submit(
        "<" + sender + "> RET=HDRS ENVID=QQ+2B314",
        "<gone@refuses.test> NOTIFY=FAILURE ORCPT=rfc822;robert@old.test",
        "<bob@refuses.test>");

    StatusReport report = StatusReport.parse(told(sender, 1).get(0).content());
    assertThat(report.header("To")).contains("<" + sender + ">");
    assertThat(report.header("From")).contains("Mail Delivery System <postmaster@localhost>");
    assertThat(report.header("Auto-Submitted")).contains("auto-replied");
    assertThat(report.header("In-Reply-To")).contains("<1@sender.test>");
    assertThat(report.field("Reporting-MTA")).contains("dns; localhost");
    assertThat(report.field("Original-Envelope-Id")).contains("QQ+314");
    assertThat(report.field("Arrival-Date")).isPresent();
    assertThat(report.recipients()).containsExactly("gone@refuses.test");
    assertThat(report.field(0, "Original-Recipient")).contains("rfc822; robert@old.test");
    assertThat(report.field(0, "Action")).contains("failed");
    assertThat(report.field(0, "Status")).contains("5.1.1");
    assertThat(report.field(0, "Remote-MTA")).contains("dns; mx.refuses.test");
    assertThat(report.field(0, "Diagnostic-Code")).contains("smtp; 550 5.1.1 no such user");
    assertThat(report.field(0, "Last-Attempt-Date")).isPresent();
    assertThat(report.returned().getContentType()).isEqualTo("text/rfc822-headers");
    assertThat(report.returnedOctets()).contains("Subject: lunch\r\n");
  }

  @Test
  void delayAndThenFailureUnderAPolicyShouldBeTold() throws Exception {
    internet.policy("broken.test", "enforce", "mx.broken.test");
    internet.mx("broken.test", 10, "mx.broken.test", PrivateCa.selfSigned("mx.broken.test"));
    String sender = sender("waits.test");

    submit("<" + sender + ">", "<bob@broken.test>");

    List<ReceivedMail> mails = told(sender, 2);
    StatusReport delay = StatusReport.parse(mails.get(0).content());
    assertThat(delay.field(0, "Action")).contains("delayed");
    assertThat(delay.field(0, "Status")).contains("4.7.5");
    assertThat(delay.field(0, "Will-Retry-Until")).isPresent();
    StatusReport failure = StatusReport.parse(mails.get(1).content());
    assertThat(failure.field(0, "Action")).contains("failed");
    assertThat(failure.field(0, "Status")).contains("5.7.5");
    assertThat(failure.field(0, "Diagnostic-Code").orElseThrow())
        .startsWith("X-james-sts; 550 5.7.5 MTA-STS (enforce) broken.test: mx.broken.test");
    assertThat(failure.words()).contains("not sent in any weaker way");
    assertThat(failure.returnedOctets()).contains("\r\n\r\nHello.\r\n");
    assertThat(internet.receivedFor("bob@broken.test")).isEmpty();
  }

  @Test
  void senderWhoWantsToHearNothingShouldNot() throws Exception {
    refusing("never.test");
    String sender = sender("deaf.test");

    submit("<" + sender + ">", "<gone@never.test> NOTIFY=NEVER");

    james.log().awaitLine(Pattern.compile("failed, and there is nobody to tell"), LIMIT);
    assertThat(internet.server("mx.deaf.test").mails()).isEmpty();
  }

  @Test
  void mailWithoutASenderShouldBeKeptForAPerson() throws Exception {
    refusing("orphan.test");

    submit("<>", "<gone@orphan.test>");

    String repository =
        "/mailRepositories/" + URLEncoder.encode("var/mail/undeliverable/", StandardCharsets.UTF_8);
    await().atMost(LIMIT).until(() -> james.get(repository).contains("\"size\":1"));
  }

  /** James's own mailets find what they know. */
  @ParameterizedTest
  @ValueSource(strings = {"dsnbounce.test", "bounce.test"})
  void mailetsOfJamesShouldStillTell(String domain) throws Exception {
    refusing(domain);
    String sender = sender("uses-" + domain);

    submit("<" + sender + ">", "<gone@" + domain + ">");

    String content = internet.server("mx.uses-" + domain).awaitMails(1, LIMIT).get(0).content();
    assertThat(content).contains("gone@" + domain, "550 5.1.1", "no such user");
  }
}
