package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DotStuffingOutputStreamTest {

  private static String stuffed(String content) throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    DotStuffingOutputStream out = new DotStuffingOutputStream(wire);
    out.write(content.getBytes(StandardCharsets.ISO_8859_1));
    out.finish();
    return wire.toString(StandardCharsets.ISO_8859_1);
  }

  static Object[] rows() {
    return new Object[] {
      Arguments.of("", ".\r\n"),
      Arguments.of("a", "a\r\n.\r\n"),
      Arguments.of("a\r\n", "a\r\n.\r\n"),
      Arguments.of("a\n", "a\r\n.\r\n"),
      Arguments.of("a\r", "a\r\n.\r\n"),
      Arguments.of("a\r\r\nb", "a\r\n\r\nb\r\n.\r\n"),
      Arguments.of("a\n\rb", "a\r\n\r\nb\r\n.\r\n"),
      Arguments.of("a\n\nb", "a\r\n\r\nb\r\n.\r\n"),
      Arguments.of(".", "..\r\n.\r\n"),
      Arguments.of("..", "...\r\n.\r\n"),
      Arguments.of("a.b", "a.b\r\n.\r\n"),
      Arguments.of("a\r\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"),
      Arguments.of("a\n.\nb", "a\r\n..\r\nb\r\n.\r\n"),
      Arguments.of("a\r.\rb", "a\r\n..\r\nb\r\n.\r\n"),
      Arguments.of("a\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"),
      Arguments.of("a\r\n.\rb", "a\r\n..\r\nb\r\n.\r\n"),
      Arguments.of("a\u00ffb\u000b", "a\u00ffb\u000b\r\n.\r\n"),
      // To a server that leaves NULs out, such a line would be the dot that ends the mail.
      Arguments.of("a\r\n\u0000.\r\nb", "a\r\n..\r\nb\r\n.\r\n"),
      Arguments.of("a\r\n.\u0000\r\nb", "a\r\n..\r\nb\r\n.\r\n"),
      Arguments.of("a\r\u0000\n.\r\u0000\nb", "a\r\n..\r\nb\r\n.\r\n"),
      Arguments.of("\u0000", ".\r\n"),
    };
  }

  @ParameterizedTest
  @MethodSource("rows")
  void finishShouldHaveWrittenOneMailWithCrlfLines(String content, String expected)
      throws IOException {
    assertThat(stuffed(content)).isEqualTo(expected);
  }

  @Test
  void closeAndFlushShouldNeitherEndTheMailNorTheStreamBelow() throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    try (DotStuffingOutputStream out = new DotStuffingOutputStream(wire)) {
      out.write('a');
      out.flush();
    }
    assertThat(wire.size()).isZero();
  }

  @Test
  void scanShouldCountWhatIsWrittenBeforeDotsAreDoubled() throws IOException {
    for (Object row : rows()) {
      String content = (String) ((Arguments) row).get()[0];
      ContentScan scan = new ContentScan();
      scan.write(content.getBytes(StandardCharsets.ISO_8859_1));
      TestContent expected = new TestContent(content);
      assertThat(scan.size()).as(content).isEqualTo(expected.normalized().length());
      assertThat(scan.eightBit()).isEqualTo(content.contains("\u00ff"));
    }
  }
}
