package org.jamessts.harness;

import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands a mail to a server, as a user's program does (RFC 5321): in clear, without a login, one
 * command at a time. It shares no code with the client under test.
 */
public final class SmtpInjector implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final BufferedReader reader;
  private final Writer writer;

  private SmtpInjector(Socket socket) throws IOException {
    this.socket = socket;
    this.reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    this.writer = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.ISO_8859_1);
  }

  /**
   * Submits one mail in a session of its own.
   *
   * @param sender an address without brackets; empty for the null sender
   * @param recipients addresses without brackets
   * @param message headers, an empty line and a body; lines may end in LF or CRLF
   * @throws IOException if the server refuses anything, with its reply
   */
  public static void submit(
      InetSocketAddress server, String sender, List<String> recipients, String message)
      throws IOException {
    // RFC 5321 section 4.5.2: a line that starts with a dot gets another one.
    submitAsIs(
        server,
        sender,
        recipients,
        message.lines().map(SmtpInjector::stuffed).collect(joining("\r\n")));
  }

  /**
   * Submits one mail whose content goes out octet for octet, as an attacker's would.
   *
   * @param content with the line ends and doubled dots that it shall have; a CRLF and the final dot
   *     follow it
   * @throws IOException if the server refuses anything, with its reply
   */
  public static void submitAsIs(
      InetSocketAddress server, String sender, List<String> recipients, String content)
      throws IOException {
    List<String> commands = new ArrayList<>(List.of("MAIL FROM:<" + sender + ">"));
    recipients.forEach(recipient -> commands.add("RCPT TO:<" + recipient + ">"));
    transact(server, commands, content);
  }

  /**
   * Submits one mail whose envelope has parameters.
   *
   * @param envelope the commands MAIL and RCPT as they go out, without line ends
   * @param content as above
   * @throws IOException if the server refuses anything, with its reply
   */
  public static void transact(InetSocketAddress server, List<String> envelope, String content)
      throws IOException {
    try (SmtpInjector session = connect(server)) {
      session.command("EHLO injector.test", '2');
      for (String command : envelope) {
        session.command(command, '2');
      }
      session.command("DATA", '3');
      session.command(content + "\r\n.", '2');
      session.quit();
    }
  }

  /** Connects, and returns the reply with which the server greets. */
  static String greeting(InetSocketAddress server) throws IOException {
    try (SmtpInjector session = new SmtpInjector(open(server))) {
      return session.expect('2');
    }
  }

  private static SmtpInjector connect(InetSocketAddress server) throws IOException {
    SmtpInjector session = new SmtpInjector(open(server));
    session.expect('2');
    return session;
  }

  private static Socket open(InetSocketAddress server) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(server, TIMEOUT_MILLIS);
    return socket;
  }

  private static String stuffed(String line) {
    return line.startsWith(".") ? "." + line : line;
  }

  /** The mail is accepted: how the session ends changes nothing. */
  private void quit() {
    try {
      command("QUIT", '2');
    } catch (IOException e) {
      // Whoever submits wants to know about the mail.
    }
  }

  private void command(String line, char expected) throws IOException {
    writer.write(line + "\r\n");
    writer.flush();
    expect(expected);
  }

  private String expect(char kind) throws IOException {
    StringBuilder reply = new StringBuilder();
    String line;
    do {
      line = reader.readLine();
      if (line == null) {
        throw new IOException("The server closed the connection after: " + reply);
      }
      reply.append(line).append('\n');
    } while (line.length() > 3 && line.charAt(3) == '-');
    if (line.isEmpty() || line.charAt(0) != kind) {
      throw new IOException("Expected a reply " + kind + "xx, but got: " + reply);
    }
    return reply.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
