package org.jamessts.preload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import org.jamessts.dns.DomainName;
import org.jamessts.preload.PreloadListParse.Parsed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How much memory a list takes: {@code -Dsts.preload=1000000} asks for a million domains instead of
 * a hundred thousand. The bounds are about twice what was measured.
 */
class PreloadListSizeTest {

  private static final int DOMAINS = Integer.getInteger("sts.preload", 100_000);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "of four providers, '{\"policy-alias\":\"p%2$d\"}', 300",
    "each its own host, '{\"mode\":\"enforce\",\"mxs\":[\"m%1$d.example\"]}', 600"
  })
  void aListShouldTakeNoMoreThanItsNamesNeed(String rule, String policy, int octets) {
    byte[] text = text(policy);
    long before = used();
    PreloadListParse parse = PreloadList.parse(text);
    assertThat(parse).isInstanceOf(Parsed.class);
    PreloadList list = ((Parsed) parse).list();
    long perDomain = (used() - before) / DOMAINS;

    assertThat(perDomain).as("octets of heap for each domain").isLessThan(octets);
    assertThat(list.policies()).hasSize(DOMAINS);
    assertThat(list.find(new DomainName("d" + (DOMAINS - 1) + ".example"), Instant.EPOCH))
        .isPresent();
    assertThat(text).isNotEmpty(); // not collected before the end
  }

  private static byte[] text(String policy) {
    StringBuilder text = new StringBuilder("{\"version\":\"0.1\",\"timestamp\":0,\"expires\":1,");
    text.append("\"policy-aliases\":{");
    for (int i = 0; i < 4; i++) {
      text.append(i == 0 ? "" : ",")
          .append("\"p%d\":{\"mode\":\"enforce\",\"mxs\":[\".p%d.example\"]}".formatted(i, i));
    }
    text.append("},\"policies\":{");
    for (int i = 0; i < DOMAINS; i++) {
      text.append(i == 0 ? "" : ",")
          .append("\"d%d.example\":".formatted(i))
          .append(policy.formatted(i, i % 4));
    }
    return text.append("}}").toString().getBytes(UTF_8);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
