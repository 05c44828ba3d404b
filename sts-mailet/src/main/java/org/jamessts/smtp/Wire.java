package org.jamessts.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jamessts.smtp.ReplyReader.MalformedReplyException;
import org.jamessts.smtp.SmtpException.Kind;
import org.jamessts.tls.TlsSession;
import org.jamessts.tls.Watchdog;
import org.jamessts.tls.Watchdog.Guard;

/**
 * The octets of one connection, in clear or in TLS: each step watched, each failure typed and the
 * end of the connection. For one thread, but for {@link #abort}.
 */
final class Wire {

  private final Socket socket;
  private final Watchdog watchdog;
  private OutputStream out;
  private ReplyReader replies;
  private Optional<SSLSocket> tls = Optional.empty();

  /** Takes over a connected socket. */
  Wire(Socket socket, Watchdog watchdog) throws IOException {
    this.socket = socket;
    this.watchdog = watchdog;
    this.out = socket.getOutputStream();
    this.replies = new ReplyReader(socket.getInputStream());
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  /**
   * Sends a command and waits for its reply.
   *
   * @param command without CRLF; its first word names the step in messages
   * @param limit for both
   */
  SmtpReply command(String command, Duration limit) throws SmtpException {
    return exchange(nameOf(command), command, limit);
  }

  /**
   * The same for a line that no message may quote.
   *
   * @param step its name in messages
   */
  SmtpReply exchange(String step, String line, Duration limit) throws SmtpException {
    return within(
        step,
        limit,
        () -> {
          out.write(line(line));
          out.flush();
          return replies.read();
        });
  }

  /** Waits for a reply to something that has been sent. */
  SmtpReply reply(String step, Duration limit) throws SmtpException {
    return within(step, limit, () -> replies.read());
  }

  /** Sends octets whose reply is read later. */
  void write(String step, byte[] octets, int offset, int length, Duration limit)
      throws SmtpException {
    within(
        step,
        limit,
        () -> {
          out.write(octets, offset, length);
          out.flush();
          return true;
        });
  }

  /** Whether the server has said something that nobody asked for. */
  boolean hasUnread() throws SmtpException {
    return within("STARTTLS", Duration.ofMinutes(1), () -> replies.hasUnread());
  }

  /** Goes on in TLS. What was read in clear and not used is gone with its reader. */
  void upgrade(TlsSession session) throws SmtpException {
    within(
        "STARTTLS",
        Duration.ofMinutes(1),
        () -> {
          out = session.socket().getOutputStream();
          replies = new ReplyReader(session.socket().getInputStream());
          tls = Optional.of(session.socket());
          return true;
        });
  }

  /** The TCP socket, for a handshake. */
  Socket socket() {
    return socket;
  }

  boolean isOpen() {
    return !socket.isClosed();
  }

  /** Says goodbye and closes, within a time. */
  void quit(Duration limit) {
    Guard guard = watchdog.guard(socket, limit);
    try {
      out.write(line("QUIT"));
      out.flush();
      replies.read();
      if (tls.isPresent()) {
        // Sends close_notify. It may wait for a peer that does not read; the guard ends that.
        tls.get().close();
      }
    } catch (IOException e) {
      // Every mail has its result by now; how the connection ends changes none.
    } finally {
      guard.disarm();
      abort();
    }
  }

  /** Closes the connection at once. Safe from any thread. */
  void abort() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed as far as it can be.
    }
  }

  static byte[] line(String command) {
    // Beyond ASCII are only addresses to servers that offer SMTPUTF8.
    return (command + "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  static String nameOf(String command) {
    int space = command.indexOf(' ');
    return space < 0 ? command : command.substring(0, space);
  }

  private <T> T within(String step, Duration limit, Step<T> action) throws SmtpException {
    Guard guard = watchdog.guard(socket, limit);
    try {
      T result = action.run();
      guard.disarm();
      return result;
    } catch (IOException e) {
      boolean inTime = guard.disarm();
      abort();
      if (!inTime) {
        throw SmtpException.of(
            Kind.TIMEOUT, step + ": not done within " + limit.toMillis() / 1000.0 + " s", e);
      }
      if (e instanceof MalformedReplyException) {
        throw SmtpException.of(Kind.PROTOCOL, step + ": " + e.getMessage(), e);
      }
      String why = e instanceof EOFException ? "" : " (" + e.getMessage() + ")";
      throw SmtpException.of(Kind.CLOSED, step + ": the connection was closed" + why, e);
    }
  }
}
