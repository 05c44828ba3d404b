package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Whole blocks take another way than single octets. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void octetsShouldComeOutTheSameHoweverTheyAreBrought(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] alphabet = {'a', 'b', '.', '\r', '\n', 0, (byte) 0xc3, (byte) 0xa4, (byte) 0xff};
    int kinds = 2 + random.nextInt(alphabet.length - 1);
    byte[] content = new byte[40_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = random.nextInt(100) < 80 ? (byte) 'x' : alphabet[random.nextInt(kinds)];
    }
    ByteArrayOutputStream single = new ByteArrayOutputStream();
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    DotStuffingOutputStream one = new DotStuffingOutputStream(single);
    DotStuffingOutputStream many = new DotStuffingOutputStream(blocks);
    try (ContentScan scanOne = new ContentScan();
        ContentScan scanMany = new ContentScan()) {
      for (byte octet : content) {
        one.write(octet);
        scanOne.write(octet);
      }
      for (int next = 0; next < content.length; ) {
        int some = Math.min(content.length - next, 1 + random.nextInt(20_000));
        many.write(content, next, some);
        scanMany.write(content, next, some);
        next += some;
      }
      assertThat(scanMany.size()).isEqualTo(scanOne.size());
      assertThat(scanMany.eightBit()).isEqualTo(scanOne.eightBit());
      assertThat(scanMany.utf8Header()).isEqualTo(scanOne.utf8Header());
    }
    one.finish();
    many.finish();

    assertThat(blocks.toByteArray()).isEqualTo(single.toByteArray());
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
