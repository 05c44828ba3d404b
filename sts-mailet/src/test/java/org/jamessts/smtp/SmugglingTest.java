package org.jamessts.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.smtp.TestClients.PATIENT;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jamessts.smtp.RecipientResult.Accepted;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.server.SMTPServer;

/**
 * Whatever the body and the addresses are, a server sees one transaction with exactly this body for
 * exactly these addresses: a strict server, one that takes every CR and LF for a line end, and one
 * that somebody else wrote.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SmugglingTest {

  private static final int CASES = 2000;
  private static final long SEED = 0x5321L;
  private static final SmtpClient CLIENT = TestClients.patient(PrivateCa.create("test root"));

  private static final List<String> BODY_FRAGMENTS =
      List.of(
          "\r",
          "\n",
          "\r\n",
          ".",
          "..",
          "\r\n.\r\n",
          "\n.\n",
          "\n.\r\n",
          "\r\n.\n",
          "\r.\r",
          "\r\n.\r",
          "\r.\r\n",
          "\n.\r",
          "\r\r\n.\r\n",
          "\r\n\u0000.\r\n",
          "MAIL FROM:<>\r\n",
          "MAIL FROM:<evil@example.com>\nRCPT TO:<victim@example.com>\nDATA\n",
          "RSET\r",
          "QUIT\n",
          "\u0000",
          "\u00fc\u00ff\u0080",
          "text",
          "Subject: x\r\n",
          "x".repeat(1500),
          "\u000b\u000c\u0085");

  private static final List<String> ADDRESS_FRAGMENTS =
      List.of(
          "\r",
          "\n",
          "\r\n",
          "\u0000",
          "@",
          "<",
          ">",
          "\"",
          "\\",
          " ",
          ".",
          ":",
          "a",
          "b+c",
          "%",
          "example.com",
          "[192.0.2.1]",
          "> SIZE=0",
          "\r\nDATA\r\n",
          "\u00fc",
          "\t",
          "\u2028");

  private static String some(Random random, List<String> fragments, int atMost) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(atMost + 1); i > 0; i--) {
      text.append(fragments.get(random.nextInt(fragments.size())));
    }
    return text.toString();
  }

  /** An address made to break things; half of the time it is at least quoted and has a domain. */
  private static Optional<MailboxPath> hostileAddress(Random random) {
    String text = some(random, ADDRESS_FRAGMENTS, 5);
    try {
      return Optional.of(
          MailboxPath.parse(random.nextBoolean() ? text : "\"" + text + "\"@example.com"));
    } catch (InvalidMailboxException e) {
      return Optional.empty();
    }
  }

  private static Envelope hostileEnvelope(Random random) {
    List<MailboxPath> recipients = new ArrayList<>();
    recipients.add(new MailboxPath("bob@example.com"));
    for (int i = random.nextInt(4); i > 0; i--) {
      hostileAddress(random).ifPresent(recipients::add);
    }
    return new Envelope(hostileAddress(random), recipients);
  }

  @ParameterizedTest
  @CsvSource({
    "strict, PIPELINING",
    "strict, HELP",
    "strict, CHUNKING",
    "lenient, PIPELINING",
    "lenient, HELP",
    "lenient, CHUNKING"
  })
  void anyMailShouldBeOneTransactionAtAServer(String kind, String keyword) throws SmtpException {
    Random random = new Random(SEED);
    SmtpSink.Builder builder = SmtpSink.on("127.0.0.1").keywords(keyword, "8BITMIME", "SMTPUTF8");
    try (SmtpSink sink = (kind.equals("lenient") ? builder.lenient() : builder).start();
        SmtpConnection connection = CLIENT.open(sink.address())) {
      // EHLO, and before every mail but the first one RSET.
      int commands = 0;
      for (int i = 0; i < CASES; i++) {
        TestContent content = new TestContent(some(random, BODY_FRAGMENTS, 12));
        Envelope envelope = hostileEnvelope(random);
        assertThat(connection.send(envelope, content).allAccepted()).isTrue();
        commands += 3 + envelope.recipients().size();
        assertThat(sink.transactionCount()).as("case %d", i).isEqualTo(i + 1);
        ReceivedMail mail = sink.lastTransaction();
        assertThat(visible(mail.content())).isEqualTo(visible(content.normalized()));
        assertThat(mail.reversePath())
            .isEqualTo(envelope.reversePath().map(MailboxPath::value).orElse(""));
        assertThat(mail.recipients())
            .isEqualTo(envelope.recipients().stream().map(MailboxPath::value).toList());
        assertThat(mail.mailParameters()).allMatch(List.of("BODY=8BITMIME", "SMTPUTF8")::contains);
      }
      assertThat(sink.connections()).hasSize(1);
      assertThat(sink.connections().get(0).commands()).hasSize(commands);
      assertThat(sink.connections().get(0).violations()).isEmpty();
    }
  }

  /**
   * Shows that the test above could fail: dots doubled after CRLF only, as RFC 5321 §4.5.2 says.
   */
  @Test
  void withoutNormalizationALenientServerShouldSeeASecondMail() throws IOException {
    String body =
        "innocent\n.\nMAIL FROM:<evil@example.com>\nRCPT TO:<victim@example.com>\nDATA\nevil\r\n";
    String stuffed = body.replace("\r\n.", "\r\n..") + ".\r\n";
    String session = "HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.com>\r\nDATA\r\n" + stuffed;
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").lenient().start();
        Socket socket = new Socket(sink.address().getAddress(), sink.port())) {
      socket.getOutputStream().write(session.getBytes(ISO_8859_1));
      assertThat(sink.awaitMails(2, PATIENT))
          .extracting(ReceivedMail::reversePath)
          .containsExactly("", "evil@example.com");
    }
  }

  /** What the server of others understood of a transaction. */
  private static final class Understood implements MessageHandler {
    private final List<String> recipients = new ArrayList<>();
    private String reversePath = "";
    private Optional<String> content = Optional.empty();

    @Override
    public void from(String from) {
      reversePath = from;
    }

    @Override
    public void recipient(String recipient) {
      recipients.add(recipient);
    }

    @Override
    @SuppressWarnings("NullAway") // "No text of mine" is null in their API.
    public String data(InputStream data) throws IOException {
      content = Optional.of(new String(data.readAllBytes(), ISO_8859_1));
      return null;
    }

    @Override
    public void done() {}
  }

  @Test
  void anyMailShouldBeOneTransactionAtAServerThatOthersWrote() throws Exception {
    List<Understood> transactions = new CopyOnWriteArrayList<>();
    SMTPServer server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .insertReceivedHeaders(false)
            .messageHandlerFactory(
                (MessageContext context) -> {
                  Understood transaction = new Understood();
                  transactions.add(transaction);
                  return transaction;
                })
            .build();
    server.start();
    try (SmtpConnection connection =
        CLIENT.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPortAllocated()))) {
      Random random = new Random(SEED);
      int mails = 0;
      for (int i = 0; i < CASES; i++) {
        // That server forgets to undo a doubled dot in the first line, where a mail has its header.
        TestContent content = new TestContent("Subject:" + some(random, BODY_FRAGMENTS, 12));
        transactions.clear();
        Envelope envelope = hostileEnvelope(random);
        DeliveryResult result = connection.send(envelope, content);
        assertThat(connection.isOpen()).as("case %d: %s", i, result).isTrue();
        List<String> accepted = accepted(result).toList();
        List<Understood> complete =
            transactions.stream().filter(seen -> seen.content.isPresent()).toList();
        assertThat(complete).as("case %d", i).hasSize(accepted.isEmpty() ? 0 : 1);
        if (!accepted.isEmpty()) {
          assertThat(complete.get(0).reversePath)
              .isEqualTo(envelope.reversePath().map(MailboxPath::value).orElse(""));
          mails++;
          assertThat(complete.get(0).recipients).isEqualTo(accepted);
          assertThat(visible(complete.get(0).content.orElseThrow()))
              .isEqualTo(visible(content.normalized()));
        }
      }
      // Some senders are too strange for it; most are not.
      assertThat(mails).isGreaterThan(CASES / 2);
    } finally {
      server.stop();
    }
  }

  /** The same octets in printable form, lest a failing test write them to a terminal. */
  private static String visible(String octets) {
    StringBuilder visible = new StringBuilder();
    octets
        .chars()
        .forEach(
            c -> {
              if (c >= ' ' && c <= '~') {
                visible.append((char) c);
              } else {
                visible.append(String.format("<%02x>", c));
              }
            });
    return visible.toString();
  }

  private static Stream<String> accepted(DeliveryResult result) {
    return result.recipients().stream()
        .filter(Accepted.class::isInstance)
        .map(recipient -> recipient.recipient().value());
  }
}
