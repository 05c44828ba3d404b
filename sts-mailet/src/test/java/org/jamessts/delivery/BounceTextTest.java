package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jamessts.decide.FailureCode;
import org.junit.jupiter.api.Test;

/** What strangers say cannot add a line to a bounce, nor swell it. */
class BounceTextTest {

  @Test
  void textShouldHaveNoLineOfAStrangersChoice() {
    Reason reason =
        Reason.unreachable(
            FailureCode.TLS_FAILED, "CN=x\r\nClick here: https://evil.example\u001b[2J\u0085");

    String text = BounceText.of(List.of("\"a\\\r\\\nClick here\"@example.test"), reason);

    assertThat(text.lines()).noneMatch(line -> line.startsWith("Click"));
    assertThat(text).matches("(?:[ -~]*\r\n)+");
  }

  @Test
  void explanationShouldBeBounded() {
    assertThat(Reason.unreachable(FailureCode.NETWORK, "x".repeat(100_000)).explanation())
        .hasSize(2000);
  }
}
