package org.jamessts.delivery;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.jamessts.smtp.ContentScan;
import org.jamessts.smtp.MailContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A James message as content to send. It is read once to measure it, and streamed each time it is
 * sent; it is never held in memory here.
 *
 * @param message the message
 * @param size in octets, with CRLF line ends
 * @param eightBit whether it needs 8BITMIME
 * @param utf8Header whether its header needs SMTPUTF8
 */
record MimeContent(MimeMessage message, long size, boolean eightBit, boolean utf8Header)
    implements MailContent {

  private static final Logger LOGGER = LoggerFactory.getLogger(MimeContent.class);

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
    return new MimeContent(message, scan.size(), scan.eightBit(), scan.utf8Header());
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try {
      message.writeTo(out);
    } catch (MessagingException e) {
      throw new IOException("the message cannot be read", e);
    }
  }

  @Override
  public Optional<MailContent> sevenBit() throws IOException {
    if (!eightBit) {
      return Optional.of(this);
    }
    Optional<MailContent> converted = SevenBitContent.of(this);
    LOGGER.info(
        converted.isPresent()
            ? "converted to 7bit for a server without 8BITMIME; a DKIM signature of its body no"
                + " longer holds"
            : "not converted to 7bit for a server without 8BITMIME: its 8-bit content is signed,"
                + " encrypted, or where nothing can be encoded");
    return converted;
  }
}
