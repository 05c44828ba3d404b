package org.jamessts.testing;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jamessts.testing.SmtpEffect.HideStartTls;
import org.jamessts.testing.SmtpEffect.InjectAfterStartTls;
import org.jamessts.testing.SmtpEffect.ReplyToRecipient;
import org.jamessts.testing.SmtpEffect.Stage;

/** One conversation of a {@link SmtpSink}. */
final class SinkSession {

  private static final int MAX_CONTENT = 64 << 20;

  private final SmtpSink sink;
  private final SinkConnection connection;
  private final SinkWire wire;

  private String ehloName = "";
  private Optional<String> reversePath = Optional.empty();
  private List<String> mailParameters = List.of();
  private final List<String> recipients = new ArrayList<>();
  private final List<List<String>> recipientParameters = new ArrayList<>();
  private final StringBuilder chunks = new StringBuilder();
  private int chunkCount;

  SinkSession(SmtpSink sink, Socket socket, SinkConnection connection) throws IOException {
    this.sink = sink;
    this.connection = connection;
    this.wire = new SinkWire(sink, socket, connection);
  }

  /** Until the client quits or goes, or an effect ends it. */
  void run() throws IOException {
    if (sink.isTlsImplicit()) {
      wire.handshake(sink.tlsContext().orElseThrow());
    }
    wire.answer(Stage.BANNER, "220 " + sink.hostName() + " ESMTP");
    while (true) {
      Optional<SinkReader.Line> line = wire.readLine();
      if (line.isEmpty()) {
        return;
      }
      String command = line.get().text();
      connection.sawCommand(command);
      if (obey(command)) {
        return;
      }
    }
  }

  /** Returns whether that was the end. */
  private boolean obey(String command) throws IOException {
    String[] words = command.split(" ", 2);
    String argument = words.length > 1 ? words[1] : "";
    switch (words[0].toUpperCase(Locale.ROOT)) {
      case "EHLO" -> ehlo(argument);
      case "HELO" -> {
        ehloName = argument;
        wire.answer(Stage.HELO, "250 " + sink.hostName());
      }
      case "STARTTLS" -> startTls();
      case "AUTH" -> new SinkLogin(sink, connection, wire).run(argument);
      case "BDAT" -> bdat(argument);
      case "MAIL" -> mail(argument);
      case "RCPT" -> rcpt(argument);
      case "DATA" -> data();
      case "RSET" -> {
        forget();
        wire.answer(Stage.RSET, "250 2.0.0 forgotten");
      }
      case "NOOP" -> wire.reply("250 2.0.0 well");
      case "QUIT" -> {
        wire.answer(Stage.QUIT, "221 2.0.0 bye");
        return true;
      }
      default -> wire.reply("500 5.5.1 unknown command");
    }
    return false;
  }

  private void ehlo(String name) throws IOException {
    ehloName = name;
    forget();
    List<String> lines = new ArrayList<>();
    lines.add(sink.hostName());
    lines.addAll(sink.keywords());
    if (offersStartTls()) {
      lines.add("STARTTLS");
    }
    StringBuilder reply = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      boolean last = i == lines.size() - 1;
      reply.append("250").append(last ? ' ' : '-').append(lines.get(i)).append(last ? "" : "\r\n");
    }
    wire.answer(wire.isTls() ? Stage.TLS_EHLO : Stage.EHLO, reply.toString());
  }

  private boolean offersStartTls() {
    return sink.tlsContext().isPresent()
        && !wire.isTls()
        && sink.currentEffects(connection).stream().noneMatch(HideStartTls.class::isInstance);
  }

  private void startTls() throws IOException {
    if (sink.tlsContext().isEmpty() || wire.isTls()) {
      wire.reply("502 5.5.1 not here");
      return;
    }
    String injected =
        sink.currentEffects(connection).stream()
            .filter(InjectAfterStartTls.class::isInstance)
            .map(effect -> "\r\n" + ((InjectAfterStartTls) effect).text().stripTrailing())
            .findFirst()
            .orElse("");
    if (!wire.answer(Stage.STARTTLS, "220 2.0.0 go ahead" + injected)) {
      return;
    }
    wire.handshake(sink.tlsContext().get());
    forget();
    ehloName = "";
  }

  private void mail(String argument) throws IOException {
    if (!sink.users().isEmpty() && connection.login().isEmpty()) {
      wire.reply("530 5.7.0 log in first");
      return;
    }
    if (reversePath.isPresent()) {
      connection.sawViolation("MAIL within a transaction");
      wire.reply("503 5.5.1 nested MAIL");
      return;
    }
    Optional<Path> path = Path.parse("FROM:", argument);
    if (path.isEmpty()) {
      connection.sawViolation("unreadable MAIL");
      wire.reply("501 5.5.4 unreadable");
      return;
    }
    SinkGrammar.checkMail(path.get().address(), path.get().parameters(), sink.keywords())
        .forEach(connection::sawViolation);
    if (wire.answer(Stage.MAIL, "250 2.1.0 sender fine")) {
      reversePath = Optional.of(path.get().address());
      mailParameters = path.get().parameters();
    }
  }

  private void rcpt(String argument) throws IOException {
    Optional<Path> path = Path.parse("TO:", argument);
    if (path.isEmpty()) {
      connection.sawViolation("unreadable RCPT");
      wire.reply("501 5.5.4 unreadable");
      return;
    }
    String address = path.get().address();
    SinkGrammar.checkRcpt(address, path.get().parameters(), mailParameters, sink.keywords())
        .forEach(connection::sawViolation);
    for (SmtpEffect effect : sink.currentEffects(connection)) {
      if (effect instanceof ReplyToRecipient refusal && refusal.address().test(address)) {
        wire.replyAndMaybeEnd(refusal.text());
        return;
      }
    }
    boolean early = reversePath.isEmpty();
    if (wire.answer(Stage.RCPT, early ? "503 5.5.1 MAIL first" : "250 2.1.5 recipient fine")) {
      recipients.add(address);
      recipientParameters.add(path.get().parameters());
    }
  }

  /** RFC 3030 §2: the octets follow the command, whatever becomes of them. */
  private void bdat(String argument) throws IOException {
    String[] words = argument.split(" ", 2);
    int size = Integer.parseInt(words[0]);
    boolean last = words.length > 1 && words[1].equalsIgnoreCase("LAST");
    String octets = wire.read(size);
    connection.sawContent(size);
    if (!sink.keywords().contains("CHUNKING")) {
      connection.sawViolation("BDAT is not offered");
    }
    if (recipients.isEmpty() || chunks.length() + octets.length() > MAX_CONTENT) {
      wire.reply("503 5.5.1 no valid recipients");
      return;
    }
    chunks.append(octets);
    chunkCount++;
    if (last) {
      complete(chunks.toString());
    } else if (!wire.answer(Stage.CHUNK, "250 2.0.0 " + size + " octets")) {
      forget();
    }
  }

  private void data() throws IOException {
    boolean go =
        recipients.isEmpty()
            ? wire.answer(Stage.DATA, "554 5.5.1 no valid recipients")
            : wire.answer(Stage.DATA, "354 go ahead");
    if (!go) {
      return;
    }
    wire.play(Stage.CONTENT);
    complete(readContent());
  }

  private void complete(String content) throws IOException {
    boolean accepts = !recipients.isEmpty() && wire.accepts(Stage.FINAL_DOT);
    if (reversePath.isPresent() && !recipients.isEmpty()) {
      connection.sawMail();
      sink.received(
          new ReceivedMail(
              reversePath.get(),
              recipients,
              mailParameters,
              recipientParameters,
              content,
              chunkCount,
              accepts,
              ehloName,
              connection.client(),
              connection.tls()));
    }
    boolean none = recipients.isEmpty();
    forget();
    wire.answer(Stage.FINAL_DOT, none ? "554 5.5.1 no valid recipients" : "250 2.0.0 stored");
  }

  private String readContent() throws IOException {
    StringBuilder content = new StringBuilder();
    while (true) {
      SinkReader.Line line = wire.readLine().orElseThrow(EOFException::new);
      connection.sawContent(line.text().length() + line.end().length());
      if (line.text().equals(".")) {
        return content.toString();
      }
      content.append(line.text().startsWith(".") ? line.text().substring(1) : line.text());
      content.append(line.end());
      if (content.length() > MAX_CONTENT) {
        throw new IOException("too much content");
      }
    }
  }

  private void forget() {
    reversePath = Optional.empty();
    mailParameters = List.of();
    recipients.clear();
    recipientParameters.clear();
    chunks.setLength(0);
    chunkCount = 0;
  }

  /** The argument of MAIL or RCPT, read with respect for quoted local parts. */
  private record Path(String address, List<String> parameters) {
    static Optional<Path> parse(String prefix, String argument) {
      if (!argument.toUpperCase(Locale.ROOT).startsWith(prefix + "<")) {
        return Optional.empty();
      }
      int start = prefix.length() + 1;
      boolean quoted = false;
      for (int i = start; i < argument.length(); i++) {
        char c = argument.charAt(i);
        if (c == '\\' && quoted) {
          i++;
        } else if (c == '"') {
          quoted = !quoted;
        } else if (c == '>' && !quoted) {
          String rest = argument.substring(i + 1).strip();
          return Optional.of(
              new Path(
                  argument.substring(start, i),
                  rest.isEmpty() ? List.of() : List.of(rest.split(" +"))));
        }
      }
      return Optional.empty();
    }
  }

  static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
