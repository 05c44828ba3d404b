package org.jamessts.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SmtpSinkTest {

  @Test
  void shouldGiveItsAddressBackWhenItIsClosed() {
    SmtpSink first = SmtpSink.on("127.0.0.1").start();
    int port = first.port();
    first.close();

    for (int i = 0; i < 200; i++) {
      try (SmtpSink next = SmtpSink.on("127.0.0.1").port(port).start()) {
        assertThat(next.port()).isEqualTo(port);
      }
    }
  }
}
