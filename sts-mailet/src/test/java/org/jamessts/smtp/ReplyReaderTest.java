package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jamessts.smtp.ReplyReader.MalformedReplyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {

  private static ReplyReader reader(String octets) {
    return new ReplyReader(new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static SmtpReply read(String octets) throws IOException {
    return reader(octets).read();
  }

  @Test
  void readShouldJoinTheLinesOfAMultilineReply() throws IOException {
    SmtpReply reply = read("550-5.1.1 no such user\r\n550-\r\n550 5.1.1 really\r\n");
    assertThat(reply.code()).isEqualTo(550);
    assertThat(reply.lines()).containsExactly("5.1.1 no such user", "", "5.1.1 really");
    assertThat(reply.enhanced()).contains(new EnhancedStatus(5, 1, 1));
    assertThat(reply.asText()).isEqualTo("550 5.1.1 no such user  5.1.1 really");
  }

  @Test
  void readShouldLeaveTheNextReplyForTheNextCall() throws IOException {
    ReplyReader reader = reader("250 one\r\n451 two\r\n");
    assertThat(reader.read().code()).isEqualTo(250);
    assertThat(reader.hasUnread()).isTrue();
    assertThat(reader.read().code()).isEqualTo(451);
    assertThat(reader.hasUnread()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"250\r\n", "250 \r\n", "250 ok\n", "250-ok\n250 ok\n"})
  void readShouldBearWithTerseServers(String octets) throws IOException {
    assertThat(read(octets).code()).isEqualTo(250);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello\r\n",
        "\r\n",
        "\n",
        "25\r\n",
        "25x ok\r\n",
        "250_ok\r\n",
        "250\tok\r\n",
        " 250 ok\r\n",
        "2500 ok\r\n",
        "199 early\r\n",
        "100 continue\r\n",
        "600 late\r\n",
        "999 late\r\n",
        "-50 minus\r\n",
        "250-a\r\n550 b\r\n",
        "250-a\r\nb\r\n",
        "\u0016\u0003\u0003\u0000\u0002\r\n",
      })
  void readShouldRefuseWhatIsNoReply(String octets) {
    assertThatThrownBy(() -> read(octets))
        .isInstanceOf(MalformedReplyException.class)
        .message()
        .matches("[ -~]+");
  }

  @Test
  void readShouldBoundTheLengthOfALine() throws IOException {
    String longest = "250 " + "x".repeat(ReplyReader.MAX_LINE - 5);
    assertThat(read(longest + "\r\n").code()).isEqualTo(250);
    assertThatThrownBy(() -> read(longest + "xx")).isInstanceOf(MalformedReplyException.class);
  }

  @Test
  void readShouldBoundTheNumberOfLines() throws IOException {
    String lines = "250-x\r\n".repeat(ReplyReader.MAX_LINES - 1);
    assertThat(read(lines + "250 x\r\n").lines()).hasSize(ReplyReader.MAX_LINES);
    assertThatThrownBy(() -> read(lines + "250-x\r\n250 x\r\n"))
        .isInstanceOf(MalformedReplyException.class);
  }

  /** A hundred recipients get a reply each, and all are kept until the last is known. */
  @Test
  void readShouldBoundTheLengthOfTheWhole() throws IOException {
    String line = "550-" + "x".repeat(1020) + "\r\n";
    assertThat(read(line.repeat(7) + "550 x\r\n").lines()).hasSize(8);
    assertThatThrownBy(() -> read(line.repeat(8) + "550 x\r\n"))
        .isInstanceOf(MalformedReplyException.class)
        .hasMessage("a reply of more than 8192 octets");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "25", "250 ok", "250-ok\r\n", "250-ok\r\n250 ok\r"})
  void readShouldTellAnEarlyEndFromAMalformedReply(String octets) {
    assertThatThrownBy(() -> read(octets)).isInstanceOf(EOFException.class);
  }

  @Test
  void readShouldReplaceWhatATerminalWouldObey() throws IOException {
    SmtpReply reply = read("550 a\u001b[2J\u0000\u0007\tb\u00e9\r c\u009b\r\n");
    assertThat(reply.lines()).containsExactly("a?[2J?? b?? c?");
  }

  @Test
  void asTextShouldBeBounded() throws IOException {
    SmtpReply reply = read(("550-" + "x".repeat(2000) + "\r\n").repeat(3) + "550 x\r\n");
    assertThat(reply.asText()).hasSizeLessThan(1100);
  }

  @ParameterizedTest
  @CsvSource({
    "250 2.1.5 fine, 2.1.5",
    "550 5.7.510 fine, 5.7.510",
    "550 5.1.1, 5.1.1",
    "421 4.3.2 closing, 4.3.2",
    "550 4.1.1 classes differ,",
    "250 5.1.1 classes differ,",
    "550 5.1 short,",
    "550 5.1.1x glued,",
    "550 5.01.1 leading zero,",
    "550 5.1.1000 long,",
    "550 9.1.1 no such class,",
    "354 3.0.0 no such class,",
    "550 text 5.1.1,",
  })
  void enhancedStatusShouldBeReadOnlyWhereItIsOne(String line, String expected) throws IOException {
    assertThat(read(line + "\r\n").enhanced().map(EnhancedStatus::toString))
        .isEqualTo(Optional.ofNullable(expected));
  }
}
