package org.jamessts.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.dsn.StatusNotification.Parties;
import org.jamessts.dsn.StatusNotification.Subject;
import org.jamessts.testing.StatusReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Notifications, taken apart again by JavaMail. */
class StatusNotificationTest {

  private static final Instant ARRIVAL = Instant.parse("2026-11-02T03:04:05Z");
  private static final Instant NOW = Instant.parse("2026-11-07T13:14:15Z");
  private static final String BOB = "bob@example.test";
  private static final Diagnosis POLICY =
      new Diagnosis(
          "550 5.7.5",
          "MTA-STS (enforce) example.test: mx.example.test: certificate not trusted",
          true,
          Optional.empty());
  private static final Diagnosis REPLY =
      new Diagnosis(
          "550 5.1.1",
          "mx.example.test said: 550 5.1.1 no such user",
          false,
          Optional.of(new RemoteReply("mx.example.test", "550 5.1.1 no such user")));
  private static final ReturnedMail HEADERS = ReturnedMail.headers(List.of("Subject: lunch"));

  private static RecipientStatus status(String recipient, Diagnosis diagnosis) {
    return new RecipientStatus(recipient, Optional.empty(), diagnosis, Optional.of(NOW));
  }

  private static StatusNotification about(Action action, Subject subject, RecipientStatus... each) {
    return new StatusNotification(
        action,
        new Parties("mail.ours.test", "postmaster@ours.test", "alice@ours.test"),
        subject,
        List.of(each),
        Optional.of(NOW.plusSeconds(3600)));
  }

  private static Subject subject(ReturnedMail returned) {
    return new Subject(
        Optional.of("<1@ours.test>"), Optional.of("QQ314"), Optional.of(ARRIVAL), returned);
  }

  private static StatusReport read(StatusNotification notification) {
    return StatusReport.parse(
        new String(notification.toOctets(NOW, "4711"), StandardCharsets.ISO_8859_1));
  }

  private static StatusReport failure(RecipientStatus... each) {
    return read(about(Action.FAILED, subject(HEADERS), each));
  }

  /** Each field of the header. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "From                      | Mail Delivery System <postmaster@ours.test>",
        "To                        | <alice@ours.test>",
        "Subject                   | Delivery Status Notification (Failure)",
        "Date                      | Sat, 7 Nov 2026 13:14:15 +0000",
        "Message-ID                | <4711@mail.ours.test>",
        "In-Reply-To               | <1@ours.test>",
        "References                | <1@ours.test>",
        "Auto-Submitted            | auto-replied",
        "MIME-Version              | 1.0",
        "Content-Transfer-Encoding | 7bit",
      })
  void headerShouldHave(String name, String value) {
    assertThat(failure(status(BOB, POLICY)).header(name)).contains(value);
  }

  @Test
  void reportShouldHaveTheThreePartsOfRfc6522() throws Exception {
    StatusReport report = failure(status(BOB, POLICY));

    assertThat(report.header("Content-Type").orElseThrow())
        .startsWith("multipart/report; report-type=delivery-status; boundary=");
    assertThat(report.returned().getContentType()).isEqualTo("text/rfc822-headers");
    assertThat(report.returnedOctets()).isEqualTo("Subject: lunch\r\n");
  }

  /** Each field of a failure: the section of RFC 3464, name and value; {@code -} is absent. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "2.2.1 | Original-Envelope-Id | QQ314",
        "2.2.2 | Reporting-MTA        | dns; mail.ours.test",
        "2.2.5 | Arrival-Date         | Mon, 2 Nov 2026 03:04:05 +0000",
        "2.3.1 | Original-Recipient   | rfc822; robert@old.test",
        "2.3.2 | Final-Recipient      | rfc822; bob@example.test",
        "2.3.3 | Action               | failed",
        "2.3.4 | Status               | 5.1.1",
        "2.3.5 | Remote-MTA           | dns; mx.example.test",
        "2.3.6 | Diagnostic-Code      | smtp; 550 5.1.1 no such user",
        "2.3.7 | Last-Attempt-Date    | Sat, 7 Nov 2026 13:14:15 +0000",
        "2.3.9 | Will-Retry-Until     | -",
      })
  void failureShouldHave(String section, String name, String value) {
    StatusReport report =
        failure(new RecipientStatus(BOB, Optional.of("robert@old.test"), REPLY, Optional.of(NOW)));

    assertField(section, report, name, value);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "2.3.1 | Original-Recipient | -",
        "2.3.3 | Action             | delayed",
        "2.3.4 | Status             | 5.7.5",
        "2.3.5 | Remote-MTA         | -",
        "2.3.6 | Diagnostic-Code    | X-james-sts; 550 5.7.5 MTA-STS (enforce) example.test: mx.example.test: certificate not trusted",
        "2.3.9 | Will-Retry-Until   | Sat, 7 Nov 2026 14:14:15 +0000",
      })
  void delayUnderAPolicyShouldHave(String section, String name, String value) {
    StatusReport report = read(about(Action.DELAYED, subject(HEADERS), status(BOB, POLICY)));

    assertField(section, report, name, value);
  }

  private static void assertField(String section, StatusReport report, String name, String value) {
    Optional<String> field = section.startsWith("2.2") ? report.field(name) : report.field(0, name);
    assertThat(field.orElse("-")).isEqualTo(value);
  }

  @Test
  void whatIsNotKnownShouldBeLeftOut() {
    Subject nothing = new Subject(Optional.empty(), Optional.empty(), Optional.empty(), HEADERS);

    StatusReport report =
        read(
            about(
                Action.FAILED,
                nothing,
                new RecipientStatus(BOB, Optional.empty(), POLICY, Optional.empty())));

    assertThat(report.header("In-Reply-To")).isEmpty();
    assertThat(report.field("Original-Envelope-Id")).isEmpty();
    assertThat(report.field("Arrival-Date")).isEmpty();
    assertThat(report.field(0, "Last-Attempt-Date")).isEmpty();
  }

  @Test
  void explanationShouldGroupRecipientsByReason() {
    StatusReport report =
        failure(
            status(BOB, POLICY),
            status("gone@example.test", REPLY),
            status("eve@example.test", POLICY));

    assertThat(report.status().getRecipientDSNCount()).isEqualTo(3);
    assertThat(report.words())
        .contains(
            "This is the mail server mail.ours.test.",
            "which arrived here on Mon, 2 Nov 2026 03:04:05 +0000, could not be delivered",
            "bob@example.test eve@example.test 550 5.7.5 MTA-STS (enforce) example.test: ",
            "Your message was not sent in any weaker way. gone@example.test 550 5.1.1 mx.example")
        .containsOnlyOnce("verified TLS");
  }

  @Test
  void delayShouldSayWhatHappensNext() {
    StatusReport report = read(about(Action.DELAYED, subject(HEADERS), status(BOB, REPLY)));

    assertThat(report.header("Subject")).contains("Delivery Status Notification (Delay)");
    assertThat(report.words())
        .contains(
            "tried again, at the longest until Sat, 7 Nov 2026 14:14:15 +0000",
            "You need not send it again.");
  }

  /** What a stranger may write: an address, a reply, an identifier, a name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\nBcc: victim@example.test\r\n\r\nbuy",
        "x\nAction: delivered",
        "x\r\n\r\nFinal-Recipient: rfc822; other@example.test",
        "x\r\n--report-4711--\r\n",
        "x\u0085Bcc: y\u2028Bcc: z\u2029Bcc: \u202e\u001b[2J\u0000",
      })
  void strangerShouldAddNoField(String evil) {
    String address = "\"" + evil + "\"@example.test";
    Diagnosis said =
        new Diagnosis("550", evil, true, Optional.of(new RemoteReply(evil, "550 " + evil)));
    StatusNotification notification =
        new StatusNotification(
            Action.FAILED,
            new Parties(evil, address, address),
            new Subject(
                Optional.of(evil),
                Optional.of(evil),
                Optional.of(ARRIVAL),
                ReturnedMail.headers(List.of("Subject: " + evil, evil))),
            List.of(
                new RecipientStatus(address, Optional.of(address), said, Optional.of(NOW)),
                status(BOB, POLICY)),
            Optional.empty());

    StatusReport report = read(notification);

    assertThat(report.header("Bcc")).isEmpty();
    assertThat(report.header("In-Reply-To")).isEmpty();
    assertThat(report.header("To")).contains("undisclosed-recipients:;");
    assertThat(report.status().getRecipientDSNCount()).isEqualTo(2);
    assertThat(report.fieldNames(0))
        .containsExactly(
            "Original-Recipient",
            "Final-Recipient",
            "Action",
            "Status",
            "Remote-MTA",
            "Diagnostic-Code",
            "Last-Attempt-Date");
    assertThat(report.field(0, "Action")).contains("failed");
    assertThat(report.field(0, "Status")).contains("5.0.0");
    assertThat(report.recipients()).contains(BOB);
    assertThat(report.octets()).matches("(?:[ -~]*\r\n)+");
  }

  @Test
  void noLineShouldBeTooLong() {
    String word = "x".repeat(5000);
    String words = "word ".repeat(1000);

    StatusReport report =
        failure(
            status(word + "@example.test", new Diagnosis("550", word, false, Optional.empty())),
            status(
                " ".repeat(3000) + BOB,
                new Diagnosis(
                    "550",
                    words,
                    false,
                    Optional.of(new RemoteReply(word, words + " ".repeat(3000) + word)))));

    assertThat(report.octets().lines()).allMatch(line -> line.length() <= 998);
    assertThat(report.octets().length()).isLessThan(20_000);
    assertThat(report.status().getRecipientDSNCount()).isEqualTo(2);
    assertThat(report.octets().lines().filter(line -> line.contains("word word")))
        .allMatch(line -> line.length() <= 78);
  }

  /** What goes into the field {@code Final-Recipient}. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "bob@example.test       | rfc822; bob@example.test",
        "bob@b\u00fccher.test        | rfc822; bob@xn--bcher-kva.test",
        "\"a  b\"@example.test  | rfc822; \"a  b\"@example.test",
        "b\u00f6b@example.test        | utf-8; b\\x{F6}b@example.test",
        "b\u00f6b+x@b\u00fccher.test       | utf-8; b\\x{F6}b\\x{2B}x@b\\x{FC}cher.test",
        "\ud83d\ude00@example.test         | utf-8; \\x{1F600}@example.test",
        "b\u202eob@example.test       | rfc822; b?ob@example.test",
        "nobody                 | rfc822; nobody",
      })
  void addressShouldBeTyped(String address, String field) {
    assertThat(failure(status(address, POLICY)).field(0, "Final-Recipient")).contains(field);
  }

  @Test
  void longAddressShouldComeBackAsItIs() {
    String address = "\"" + "a b".repeat(60) + "\"@example.test";

    assertThat(failure(status(address, POLICY)).recipients()).containsExactly(address);
  }

  @Test
  void addressBeyondAsciiShouldBeReadableForPeople() {
    StatusReport report = failure(status("b\u00f6b@b\u00fccher.test", POLICY));

    assertThat(report.named()).containsExactly("b\u00f6b@b\u00fccher.test");
    assertThat(report.octets()).matches("(?:[ -~]*\r\n)+");
  }

  @Test
  void returnedHeaderShouldBeBoundedAndPrintable() {
    ReturnedMail returned =
        ReturnedMail.headers(
            List.of(
                "Subject: Gr\u00fc\u00dfe\r\n\tand more",
                "X-Long: " + "x".repeat(10_000),
                "X-Many: " + "x\r\n y".repeat(100_000)));

    String header =
        read(about(Action.FAILED, subject(returned), status(BOB, POLICY))).returnedOctets();

    assertThat(header).startsWith("Subject: Gr??e\r\n and more\r\nX-Long: xxx");
    assertThat(header.length()).isBetween(20_000, 33_000);
    assertThat(header.lines()).allMatch(line -> line.matches("[ -~]{1,998}"));
  }

  @Test
  void wholeMailShouldComeBackOctetForOctet() throws Exception {
    String mail = "Subject: e\r\n\r\nGr\u00fc\u00dfe\r\n--report-4712--\r\n.\r\n";

    StatusReport report =
        read(
            about(
                Action.FAILED,
                subject(ReturnedMail.whole(mail.getBytes(StandardCharsets.ISO_8859_1))),
                status(BOB, POLICY)));

    assertThat(report.returned().getContentType()).isEqualTo("message/rfc822");
    assertThat(report.header("Content-Transfer-Encoding")).contains("8bit");
    assertThat(report.octets()).contains("\r\n\r\n" + mail + "\r\n--report-4711--\r\n");
  }

  @ParameterizedTest
  @CsvSource({"998, true", "999, false"})
  void mailWithALineTooLongShouldNotBeReturnable(int length, boolean returnable) {
    String mail = "Subject: e\r\n\r\n" + "x".repeat(length) + "\r\n";

    assertThat(ReturnedMail.isReturnable(mail.getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(returnable);
    assertThat(ReturnedMail.isReturnable(new byte[] {'a', 0})).isFalse();
  }

  /** Error texts of others. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "550 5.1.1 no such user | 550 5.1.1 | 5.1.1 | no such user",
        "452-4.2.2 full         | 452       | 4.0.0 | 4.2.2 full",
        "550                    | 550       | 5.0.0 | ''",
        "no such host           | 550       | 5.0.0 | no such host",
        "250 ok                 | 250       | 2.0.0 | ok",
        "5501 strange           | 550       | 5.0.0 | 5501 strange",
      })
  void errorTextShouldBeRead(String text, String code, String status, String explanation) {
    Diagnosis diagnosis = Diagnosis.parse(text);

    assertThat(diagnosis.code()).isEqualTo(code);
    assertThat(diagnosis.status()).isEqualTo(status);
    assertThat(diagnosis.explanation()).isEqualTo(explanation);
  }
}
