package org.jamessts.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** What a policy host does when a request has come. Octets on the wire, nothing is mended. */
public sealed interface PolicyHostEffect {

  /** Waits between two octets, or until the host is closed. */
  interface Pause {
    /** Returns after so many milliseconds, or throws when the host is closed meanwhile. */
    void millis(long duration) throws InterruptedException;
  }

  /** Acts. The connection is closed when it returns. */
  void play(OutputStream out, Pause pause) throws IOException, InterruptedException;

  /** Sends these octets. */
  record Raw(String octets) implements PolicyHostEffect {
    @Override
    public void play(OutputStream out, Pause pause) throws IOException {
      out.write(octets.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /** Sends the beginning, and then one more piece for ever. */
  record Endless(String beginning, String piece) implements PolicyHostEffect {
    @Override
    public void play(OutputStream out, Pause pause) throws IOException {
      out.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
      byte[] again = piece.repeat(100).getBytes(StandardCharsets.ISO_8859_1);
      while (true) {
        out.write(again);
      }
    }
  }

  /** Sends the beginning, then one octet every so many milliseconds, over and over. */
  record Drip(String beginning, String rest, long millis) implements PolicyHostEffect {
    @Override
    public void play(OutputStream out, Pause pause) throws IOException, InterruptedException {
      out.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
      for (int i = 0; ; i = (i + 1) % rest.length()) {
        out.write(rest.charAt(i));
        out.flush();
        pause.millis(millis);
      }
    }
  }

  /** Never answers. */
  record Hang() implements PolicyHostEffect {
    @Override
    public void play(OutputStream out, Pause pause) throws InterruptedException {
      pause.millis(Long.MAX_VALUE);
    }
  }

  /** A good answer with this policy. */
  static PolicyHostEffect policy(String text) {
    return answer("200 OK", "Content-Type: text/plain\r\n", text);
  }

  /** An answer with a status line, more header lines (each with its CRLF), and a body. */
  static PolicyHostEffect answer(String status, String headers, String body) {
    byte[] octets = body.getBytes(StandardCharsets.UTF_8);
    return new Raw(
        head(status, headers + "Content-Length: " + octets.length + "\r\n")
            + new String(octets, StandardCharsets.ISO_8859_1));
  }

  /** A redirect (301). */
  static PolicyHostEffect redirect(String location) {
    return answer("301 Moved Permanently", "Location: " + location + "\r\n", "");
  }

  /** A policy that is compressed, and says so. */
  static PolicyHostEffect gzip(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(octets)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Raw(
        head(
                "200 OK",
                "Content-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: "
                    + octets.size()
                    + "\r\n")
            + octets.toString(StandardCharsets.ISO_8859_1));
  }

  /** The beginning of an answer, up to the blank line. */
  static String head(String status, String headers) {
    return "HTTP/1.1 " + status + "\r\n" + headers + "\r\n";
  }
}
