package org.jamessts.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SmtpInjectorTest {

  private ServerSocket listener;

  @BeforeEach
  void setUp() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void tearDown() throws IOException {
    listener.close();
  }

  @Test
  void shouldSubmitAMailWithStuffedDots() throws Exception {
    CompletableFuture<List<String>> received =
        serve("220-hello\r\n220 there", "250", "250", "250", "250", "354", "250", "221");

    SmtpInjector.submit(address(), "a@x.test", List.of("b@y.test", "c@y.test"), "S: t\n\n.\nend");

    assertThat(received.join())
        .containsExactly(
            "EHLO injector.test",
            "MAIL FROM:<a@x.test>",
            "RCPT TO:<b@y.test>",
            "RCPT TO:<c@y.test>",
            "DATA",
            "S: t",
            "",
            "..",
            "end",
            ".",
            "QUIT");
  }

  @Test
  void shouldFailWithTheReplyWhenTheServerRefuses() {
    CompletableFuture<List<String>> received = serve("220", "250", "250", "550 5.7.1 no");

    assertThatThrownBy(
            () -> SmtpInjector.submit(address(), "a@x.test", List.of("b@y.test"), "S: t\n\nx"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("550 5.7.1 no");
    assertThat(received.join()).last().isEqualTo("RCPT TO:<b@y.test>");
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Gives these replies, one to each command, and the one to a mail after its last line. */
  private CompletableFuture<List<String>> serve(String... replies) {
    return CompletableFuture.supplyAsync(
        () -> {
          List<String> received = new ArrayList<>();
          try (Socket client = listener.accept();
              BufferedReader reader =
                  new BufferedReader(
                      new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String reply : replies) {
              client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
              String last = reply.startsWith("354") ? "." : null;
              String line = reader.readLine();
              while (line != null) {
                received.add(line);
                if (last == null || line.equals(last)) {
                  break;
                }
                line = reader.readLine();
              }
            }
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
          return received;
        });
  }
}
