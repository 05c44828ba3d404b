package org.jamessts.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message in memory.
 *
 * @param text one character an octet
 */
public record TestContent(String text) implements MailContent {

  /** A mail of a line. */
  public static final TestContent SHORT = new TestContent("Subject: hello\r\n\r\nhello\r\n");

  /** More than the buffers between two sockets hold. */
  static final TestContent HUGE = new TestContent(("x".repeat(998) + "\r\n").repeat(32_000));

  @Override
  public void writeTo(OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public long size() {
    return scan().size();
  }

  @Override
  public boolean eightBit() {
    return scan().eightBit();
  }

  @Override
  public boolean utf8Header() {
    return scan().utf8Header();
  }

  private ContentScan scan() {
    ContentScan scan = new ContentScan();
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    scan.write(octets, 0, octets.length);
    return scan;
  }

  /** What a server must receive: every line end as CRLF, the last included, and no NUL. */
  String normalized() {
    String lines =
        text.replace("\u0000", "").replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
    return lines.isEmpty() || lines.endsWith("\r\n") ? lines : lines + "\r\n";
  }
}
