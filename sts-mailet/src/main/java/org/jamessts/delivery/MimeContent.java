package org.jamessts.delivery;

import java.io.ByteArrayOutputStream;
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
 * sent. James reads a header each time it writes a message, which for most mails is nearly all the
 * work: a small one is kept as it was measured.
 */
final class MimeContent implements MailContent {

  private static final Logger LOGGER = LoggerFactory.getLogger(MimeContent.class);

  /** Octets that each of all mails under way may hold. */
  private static final int SMALL = 16 * 1024;

  private final MimeMessage message;
  private final Optional<byte[]> octets;
  private final long size;
  private final boolean eightBit;
  private final boolean utf8Header;

  private MimeContent(MimeMessage message, Measuring measured) {
    this.message = message;
    this.octets = measured.kept();
    this.size = measured.scan.size();
    this.eightBit = measured.scan.eightBit();
    this.utf8Header = measured.scan.utf8Header();
  }

  /**
   * Measures a message.
   *
   * @throws MessagingException when it cannot be read
   */
  static MimeContent of(MimeMessage message) throws MessagingException {
    Measuring measuring = new Measuring();
    try (measuring) {
      message.writeTo(measuring);
    } catch (IOException e) {
      throw new MessagingException("the message cannot be read", e);
    }
    return new MimeContent(message, measuring);
  }

  /** Measures, and keeps what is small. */
  private static final class Measuring extends OutputStream {
    private final ContentScan scan = new ContentScan();
    private Optional<ByteArrayOutputStream> all = Optional.of(new ByteArrayOutputStream());

    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
      scan.write(octets, offset, length);
      all = all.filter(kept -> kept.size() + length <= SMALL);
      all.ifPresent(kept -> kept.write(octets, offset, length));
    }

    Optional<byte[]> kept() {
      return all.map(ByteArrayOutputStream::toByteArray);
    }
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    if (octets.isPresent()) {
      out.write(octets.get());
      return;
    }
    try {
      message.writeTo(out);
    } catch (MessagingException e) {
      throw new IOException("the message cannot be read", e);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean eightBit() {
    return eightBit;
  }

  @Override
  public boolean utf8Header() {
    return utf8Header;
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
