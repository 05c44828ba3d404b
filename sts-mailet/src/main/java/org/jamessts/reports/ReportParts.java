package org.jamessts.reports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.mail.MessagingException;
import javax.mail.Multipart;
import javax.mail.Part;
import javax.mail.internet.MimeMessage;
import org.jamessts.tlsrpt.receive.ReportReader;

/**
 * Finds the reports in a mail: parts of the media types of RFC 8460 §6.4 and §6.5, and files that
 * are named like them. A stranger chooses how many parts there are and how deep: no more are looked
 * at than any report needs.
 */
final class ReportParts {

  private static final int MAX_DEPTH = 5;
  private static final int MAX_PARTS = 50;
  private static final int MAX_REPORTS = 10;

  private final List<byte[]> reports = new ArrayList<>();
  private int parts;

  private ReportParts() {}

  /**
   * The reports as they were attached.
   *
   * @return no more than ten; each may have an octet more than is taken, and is then refused by
   *     whoever reads it
   * @throws MessagingException when the mail is no MIME
   */
  static List<byte[]> of(MimeMessage message) throws MessagingException, IOException {
    ReportParts found = new ReportParts();
    found.look(message, 0);
    return List.copyOf(found.reports);
  }

  private void look(Part part, int depth) throws MessagingException, IOException {
    if (++parts > MAX_PARTS || depth > MAX_DEPTH || reports.size() >= MAX_REPORTS) {
      return;
    }
    if (part.isMimeType("multipart/*")) {
      if (part.getContent() instanceof Multipart several) {
        for (int i = 0; i < several.getCount(); i++) {
          look(several.getBodyPart(i), depth + 1);
        }
      }
    } else if (isReport(part)) {
      // JavaMail's decoder of base64 reads nothing where there is room for one or two octets only,
      // which readNBytes takes for the end.
      try (InputStream content = new BufferedInputStream(part.getInputStream())) {
        reports.add(content.readNBytes(ReportReader.MAX_OCTETS + 1));
      }
    }
  }

  private static boolean isReport(Part part) throws MessagingException {
    if (part.isMimeType("application/tlsrpt+gzip") || part.isMimeType("application/tlsrpt+json")) {
      return true;
    }
    String name = part.getFileName();
    String file = name == null ? "" : name.toLowerCase(Locale.ROOT);
    return file.endsWith(".json.gz") || file.endsWith(".json");
  }
}
