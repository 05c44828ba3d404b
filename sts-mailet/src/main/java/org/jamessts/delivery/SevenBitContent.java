package org.jamessts.delivery;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.jamessts.smtp.ContentScan;
import org.jamessts.smtp.CrlfOutputStream;
import org.jamessts.smtp.MailContent;

/**
 * A message in the form that a server without 8BITMIME takes (RFC 6152 §3): bodies with octets
 * above 127 are encoded, everything else stays as it is. Parts that are signed or encrypted as a
 * whole (RFC 1847) are never touched. It is made anew each time that it is written, by way of a
 * temporary file.
 *
 * @param original the message as it was given
 * @param plan which bodies are encoded
 * @param size in octets, with CRLF line ends
 */
record SevenBitContent(MailContent original, SevenBitPlan plan, long size) implements MailContent {

  /**
   * Converts a message.
   *
   * @return empty where the message is signed or encrypted, or no MIME message, or has such octets
   *     in places where nothing can be encoded
   * @throws IOException when it cannot be read
   */
  static Optional<MailContent> of(MailContent original) throws IOException {
    Path file = spool(original);
    try {
      Optional<SevenBitPlan> plan = SevenBitPlan.of(file);
      if (plan.isEmpty()) {
        return Optional.empty();
      }
      ContentScan scan = new ContentScan();
      try (scan) {
        plan.get().write(file, scan);
      }
      return scan.eightBit()
          ? Optional.empty()
          : Optional.of(new SevenBitContent(original, plan.get(), scan.size()));
    } catch (MimeException e) {
      return Optional.empty();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Path spool(MailContent content) throws IOException {
    Path file = Files.createTempFile("sts-7bit-", ".eml");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      CrlfOutputStream lines = new CrlfOutputStream(out);
      content.writeTo(lines);
      lines.finish();
      return file;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    Path file = spool(original);
    try {
      plan.write(file, out);
    } catch (MimeException e) {
      throw new IOException("the message is no MIME message any more", e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public boolean eightBit() {
    return false;
  }
}
