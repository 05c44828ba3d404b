package org.jamessts.delivery;

import java.io.IOException;
import java.io.OutputStream;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.jamessts.smtp.ContentScan;
import org.jamessts.smtp.MailContent;

/**
 * A James message as content to send. It is read once to measure it, and streamed each time it is
 * sent; it is never held in memory here.
 *
 * @param message the message
 * @param size in octets, with CRLF line ends
 * @param eightBit whether it needs 8BITMIME
 */
record MimeContent(MimeMessage message, long size, boolean eightBit) implements MailContent {

  /**
   * Measures a message.
   *
   * @throws MessagingException when it cannot be read
   */
  static MimeContent of(MimeMessage message) throws MessagingException {
    ContentScan scan = new ContentScan();
    try (scan) {
      message.writeTo(scan);
    } catch (IOException e) {
      throw new MessagingException("the message cannot be read", e);
    }
    return new MimeContent(message, scan.size(), scan.eightBit());
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try {
      message.writeTo(out);
    } catch (MessagingException e) {
      throw new IOException("the message cannot be read", e);
    }
  }
}
