package org.jamessts.harness;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import org.jamessts.testing.ReceivedMail;

/**
 * The file in a mail with a TLS report, as RFC 8460 §5.3 has it: the one attachment, in base64.
 *
 * @param name of the file
 * @param octets of the file; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReportAttachment(String name, byte[] octets) {

  /** The one of a mail; the mail must have one. */
  public static ReportAttachment of(ReceivedMail mail) {
    String part = mail.content().split("Content-Disposition: attachment", 2)[1];
    String name = part.split("\"", 3)[1];
    String encoded = part.split("\r\n\r\n", 2)[1].split("\r\n--", 2)[0];
    return new ReportAttachment(name, Base64.getMimeDecoder().decode(encoded));
  }

  /** What is in the file where it is compressed. */
  public byte[] inflated() {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(octets))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
