package org.jamessts.tlsrpt.receive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.jamessts.tlsrpt.receive.UnreadableReportException.Kind;

/** Inflates gzip (RFC 1952) up to a bound: a thousandth of it in octets may hold all of it. */
final class BoundedGzip {

  private static final int FIRST = 0x1f;
  private static final int SECOND = 0x8b;

  private BoundedGzip() {}

  /** Whether octets begin as gzip does; no JSON text does. */
  static boolean isGzip(byte[] octets) {
    return octets.length > 1 && (octets[0] & 0xff) == FIRST && (octets[1] & 0xff) == SECOND;
  }

  /**
   * Inflates.
   *
   * @param max how many octets may come out; no more are ever held
   */
  static byte[] inflate(byte[] octets, int max) throws UnreadableReportException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(octets))) {
      byte[] inflated = in.readNBytes(max + 1);
      if (inflated.length > max) {
        throw new UnreadableReportException(
            Kind.TOO_LARGE, "inflated, the report has over " + max + " octets");
      }
      return inflated;
    } catch (IOException e) {
      throw new UnreadableReportException(Kind.NOT_GZIP, "the report is damaged gzip");
    }
  }
}
