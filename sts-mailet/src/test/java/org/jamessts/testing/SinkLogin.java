package org.jamessts.testing;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jamessts.testing.SmtpEffect.Stage;

/** The server's side of AUTH (RFC 4954) in one conversation of a {@link SmtpSink}. */
final class SinkLogin {

  private static final int MAX_COMMAND = 510;
  private static final int MAX_RESPONSE = 12_286;

  private final SmtpSink sink;
  private final SinkConnection connection;
  private final SinkWire wire;

  SinkLogin(SmtpSink sink, SinkConnection connection, SinkWire wire) {
    this.sink = sink;
    this.connection = connection;
    this.wire = wire;
  }

  void run(String argument) throws IOException {
    String[] words = argument.split(" ", 2);
    String mechanism = words[0].toUpperCase(Locale.ROOT);
    Optional<String> initial = words.length > 1 ? Optional.of(words[1]) : Optional.empty();
    if (("AUTH " + argument).length() > MAX_COMMAND) {
      connection.sawViolation("an AUTH command of more than 512 octets");
    }
    if (connection.login().isPresent()) {
      connection.sawViolation("AUTH after AUTH");
    }
    boolean offered =
        sink.keywords().stream()
            .filter(line -> line.startsWith("AUTH "))
            .anyMatch(line -> (line + " ").contains(" " + mechanism + " "));
    if (!offered) {
      connection.sawViolation("AUTH " + mechanism + " is not offered");
      wire.reply("504 5.5.4 not here");
      return;
    }
    switch (mechanism) {
      case "PLAIN" -> {
        String[] parts = initialOrChallenge(initial).split("\0", -1);
        boolean whole = parts.length == 3 && parts[0].isEmpty();
        judge(mechanism, whole ? parts[1] : "", whole ? parts[2] : "");
      }
      case "LOGIN" -> {
        String name = ask("VXNlcm5hbWU6");
        judge(mechanism, name, ask("UGFzc3dvcmQ6"));
      }
      case "XOAUTH2" -> xoauth2(initialOrChallenge(initial));
      default -> wire.reply("504 5.5.4 not here");
    }
  }

  private void xoauth2(String response) throws IOException {
    String[] parts = response.split("\1", -1);
    boolean whole =
        parts.length == 4
            && parts[0].startsWith("user=")
            && parts[1].startsWith("auth=Bearer ")
            && (parts[2] + parts[3]).isEmpty();
    String username = whole ? parts[0].substring("user=".length()) : "";
    String token = whole ? parts[1].substring("auth=Bearer ".length()) : "";
    if (!token.equals(sink.users().get(username))) {
      String status = "{\"status\":\"400\",\"schemes\":\"Bearer\"}";
      String empty =
          ask(Base64.getEncoder().encodeToString(status.getBytes(StandardCharsets.UTF_8)));
      if (!empty.isEmpty()) {
        connection.sawViolation("words after the refusal of a token");
      }
    }
    judge("XOAUTH2", username, token);
  }

  private void judge(String mechanism, String username, String secret) throws IOException {
    boolean right = secret.equals(sink.users().get(username));
    String normal = right ? "235 2.7.0 welcome" : "535 5.7.8 credentials invalid";
    if (wire.answer(Stage.AUTH, normal) && right) {
      connection.sawLogin(mechanism, username);
    }
  }

  private String initialOrChallenge(Optional<String> initial) throws IOException {
    if (initial.isPresent()) {
      return decode(initial.get());
    }
    return ask("");
  }

  private String ask(String challenge) throws IOException {
    wire.reply("334 " + challenge);
    String line = wire.readLine().orElseThrow(EOFException::new).text();
    connection.sawResponse(line);
    if (line.length() > MAX_RESPONSE) {
      connection.sawViolation("a response of more than 12288 octets");
    }
    return decode(line);
  }

  private String decode(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      connection.sawViolation("no Base64 in AUTH: " + base64);
      return "";
    }
  }
}
