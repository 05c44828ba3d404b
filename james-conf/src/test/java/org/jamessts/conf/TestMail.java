package org.jamessts.conf;

import java.io.IOException;
import java.util.List;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.SmtpInjector;

/** The mail that tests send. */
final class TestMail {

  static final String SENDER = "alice@localhost";

  private TestMail() {}

  static void submit(JamesProcess james, String... recipients) throws IOException {
    SmtpInjector.submit(
        james.smtp(), SENDER, List.of(recipients), "Subject: test\n\nHello.\n.\nGoodbye.\n");
  }
}
