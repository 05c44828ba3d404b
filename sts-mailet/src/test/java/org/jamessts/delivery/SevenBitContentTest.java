package org.jamessts.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.Multipart;
import javax.mail.Part;
import javax.mail.internet.MimeMessage;
import org.jamessts.smtp.ContentScan;
import org.jamessts.smtp.MailContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6152 §3: what a server without 8BITMIME gets, read by JavaMail as its user would. */
class SevenBitContentTest {

  private static final String GREETING = "Gr\u00fc\u00dfe\r\nund  \r\n.\r\nFrom here\r\n";
  private static final String NOISE = "\u0001\u00ff\u0080\u00feend";

  private static String utf8(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private static String octets(MailContent content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.writeTo(out);
    return out.toString(ISO_8859_1);
  }

  private static Optional<MailContent> convert(String message) throws Exception {
    return MimeContent.of(MailetWorld.message(message)).sevenBit();
  }

  /** The converted message; its octets are 7bit and as many as it says. */
  private static String converted(String message) throws Exception {
    MailContent content = convert(message).orElseThrow();
    String octets = octets(content);
    assertThat(octets.chars()).allMatch(c -> c > 0 && c < 128);
    ContentScan scan = new ContentScan();
    scan.write(octets.getBytes(ISO_8859_1));
    assertThat(content.size()).isEqualTo(scan.size());
    assertThat(content.eightBit()).isFalse();
    assertThat(octets.lines()).allMatch(line -> line.length() <= 998);
    return octets;
  }

  /** Every body below a part, decoded, with its type. */
  private static List<String> bodies(Part part) throws MessagingException, IOException {
    List<String> all = new ArrayList<>();
    if (part.isMimeType("multipart/*")) {
      Multipart multipart = (Multipart) part.getContent();
      for (int i = 0; i < multipart.getCount(); i++) {
        all.addAll(bodies(multipart.getBodyPart(i)));
      }
    } else if (part.isMimeType("message/rfc822")) {
      MimeMessage inner = (MimeMessage) part.getContent();
      all.add("message " + inner.getSubject());
      all.addAll(bodies(inner));
    } else {
      String body = new String(part.getInputStream().readAllBytes(), ISO_8859_1);
      all.add(part.getContentType() + " " + body.stripTrailing());
    }
    return all;
  }

  private static void assertSame(String original, String converted) throws Exception {
    MimeMessage before = MailetWorld.message(original);
    MimeMessage after = MailetWorld.message(converted);
    assertThat(bodies(after)).isEqualTo(bodies(before));
    assertThat(after.getHeader("Subject")).isEqualTo(before.getHeader("Subject"));
    assertThat(after.getHeader("Received")).isEqualTo(before.getHeader("Received"));
  }

  private static final String HEADER =
      "Received: from a\r\n\tby b; Mon, 1 Jan 2026\r\nSubject: a\r\n folded one\r\nMIME-Version: 1.0\r\n";

  private static String text(String encoding) {
    return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
        + encoding
        + "\r\n\r\n"
        + utf8(GREETING);
  }

  private static String mixed(String boundary, String... parts) {
    StringBuilder all =
        new StringBuilder("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n");
    all.append("Content-Transfer-Encoding: 8bit\r\n\r\n");
    for (String part : parts) {
      all.append("--").append(boundary).append("\r\n").append(part).append("\r\n");
    }
    return all.append("--").append(boundary).append("--\r\n").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8bit", "binary", "7bit", "8BIT"})
  void textShouldBecomeQuotedPrintable(String encoding) throws Exception {
    String original = HEADER + text(encoding);

    String converted = converted(original);

    assertSame(original, converted);
    assertThat(converted)
        .startsWith(HEADER)
        .containsOnlyOnce("Content-Transfer-Encoding: quoted-printable\r\n")
        .doesNotContain("Transfer-Encoding: " + encoding);
  }

  @Test
  void longLinesShouldBeBroken() throws Exception {
    String original = HEADER + text("8bit") + utf8("\u00e4").repeat(5000) + "\r\n";

    assertSame(original, converted(original));
  }

  @Test
  void otherContentShouldBecomeBase64() throws Exception {
    String original =
        HEADER
            + mixed(
                "b",
                text("8bit"),
                "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                    + NOISE,
                "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=");

    String converted = converted(original);

    assertSame(original, converted);
    assertThat(converted)
        .contains("Content-Transfer-Encoding: 7bit\r\n")
        .contains("iVBORw0KGgo=")
        .doesNotContain("8bit", "binary");
  }

  @Test
  void partsWithinPartsShouldBeConverted() throws Exception {
    String inner = "Subject: inner\r\nMIME-Version: 1.0\r\n" + text("8bit");
    String original =
        HEADER
            + mixed(
                "outer",
                mixed("inner", text("8bit"), "Content-Type: text/html\r\n\r\n<p>ascii</p>"),
                "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + inner);

    String converted = converted(original);

    assertSame(original, converted);
    assertThat(bodies(MailetWorld.message(converted))).contains("message inner").hasSize(4);
  }

  @Test
  void mailWithoutMimeShouldGetIt() throws Exception {
    String converted = converted("Subject: old\r\n\r\n" + GREETING);

    assertThat(converted)
        .contains("MIME-Version: 1.0\r\n", "Content-Type: text/plain; charset=unknown-8bit\r\n");
    MimeMessage message = MailetWorld.message(converted);
    assertThat(new String(message.getInputStream().readAllBytes(), ISO_8859_1)).isEqualTo(GREETING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"signed", "encrypted"})
  void sealedPartsShouldNotBeTouched(String kind) throws Exception {
    String sealed =
        mixed("s", text("8bit"), "Content-Type: application/pgp-signature\r\n\r\nxyz")
            .replace("multipart/mixed", "multipart/" + kind);

    assertThat(convert(HEADER + sealed)).isEmpty();
    assertThat(convert(HEADER + mixed("o", sealed, "Content-Type: text/plain\r\n\r\nfooter")))
        .isEmpty();
    // Beside a sealed part that is 7bit already, others may be encoded.
    String clean = sealed.replace(utf8(GREETING), "hello\r\n");
    assertSame(
        HEADER + mixed("o", clean, text("8bit")),
        converted(HEADER + mixed("o", clean, text("8bit"))));
  }

  @Test
  void octetsWhereNothingCanBeEncodedShouldNotBeSent() throws Exception {
    assertThat(convert("Subject: Gr\u00fc\u00dfe\r\n\r\nhello\r\n")).isEmpty();
    assertThat(
            convert(
                HEADER
                    + "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                    + NOISE))
        .isEmpty();
  }

  @Test
  void nestingShouldBeBounded() throws Exception {
    String message = text("8bit");
    for (int i = 0; i < 60; i++) {
      message = mixed("level" + i + "x", message);
    }
    assertThat(convert(HEADER + message)).isEmpty();
  }

  @Test
  void sevenBitContentShouldStayAsItIs() throws Exception {
    String message = HEADER + "\r\nhello\r\n";
    assertThat(octets(convert(message).orElseThrow())).isEqualTo(message);
  }
}
