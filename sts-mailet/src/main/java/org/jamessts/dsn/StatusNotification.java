package org.jamessts.dsn;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A delivery status notification: a mail that tells a sender what became of his.
 *
 * @param action what became of it
 * @param parties who tells whom
 * @param subject which mail it is about
 * @param recipients what became of it for each that the sender is told of; at least one
 * @param retryUntil when a mail that is late will be given up; empty when that is not known
 */
public record StatusNotification(
    Action action,
    Parties parties,
    Subject subject,
    List<RecipientStatus> recipients,
    Optional<Instant> retryUntil) {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final Pattern MESSAGE_ID = Pattern.compile("<[!-;=?-~]{1,250}>");

  /**
   * Who tells whom.
   *
   * @param reportingMta the name of this server (RFC 3464 §2.2.2)
   * @param postmaster whom people may ask
   * @param sender who is told; the address may hold anything
   */
  public record Parties(String reportingMta, String postmaster, String sender) {}

  /**
   * Which mail a notification is about.
   *
   * @param messageId its {@code Message-ID}; empty when it has none
   * @param envelopeId its ENVID (RFC 3461 §4.4), decoded
   * @param arrival when it came here; empty when that is not known
   * @param returned what goes back of it
   */
  public record Subject(
      Optional<String> messageId,
      Optional<String> envelopeId,
      Optional<Instant> arrival,
      ReturnedMail returned) {}

  public StatusNotification {
    recipients = List.copyOf(recipients);
    if (recipients.isEmpty()) {
      throw new IllegalArgumentException("a notification is about a recipient");
    }
  }

  /** A moment as mails write it (RFC 5322 §3.3). */
  static String date(Instant moment) {
    return DATE.format(moment);
  }

  /**
   * The mail.
   *
   * @param now its date
   * @param unique a text of letters, digits and hyphens that nobody can guess: whoever could would
   *     end a part of the report by what he writes into his mail
   * @return header and body, with CRLF line ends
   */
  public byte[] toOctets(Instant now, String unique) {
    String boundary = "report-" + unique;
    ReturnedMail returned = subject.returned();
    Lines lines = header(now, unique, boundary);
    explanation(lines, boundary, new HumanPart(this).text());
    part(lines, boundary, "message/delivery-status", "7bit");
    lines.line(new StatusFields(this).text());
    part(lines, boundary, returned.mediaType(), returned.encoding());
    lines.line(returned.content()).line("--" + boundary + "--");
    return lines.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private Lines header(Instant now, String unique, String boundary) {
    Lines lines =
        new Lines()
            .field("From", "Mail Delivery System <" + postmaster() + ">")
            .field("To", to())
            .field("Subject", "Delivery Status Notification (" + title() + ")")
            .field("Date", date(now))
            .field("Message-ID", "<" + unique + "@" + parties.reportingMta() + ">")
            // RFC 3834 §5: no machine shall answer.
            .field("Auto-Submitted", "auto-replied");
    subject
        .messageId()
        .filter(id -> MESSAGE_ID.matcher(id).matches())
        .ifPresent(id -> lines.field("In-Reply-To", id).field("References", id));
    return lines
        .field("MIME-Version", "1.0")
        .field(
            "Content-Type",
            "multipart/report; report-type=delivery-status; boundary=\"" + boundary + "\"")
        .field("Content-Transfer-Encoding", subject.returned().encoding())
        .gap();
  }

  private String title() {
    return switch (action) {
      case FAILED -> "Failure";
      case DELAYED -> "Delay";
      case RELAYED -> "Relayed";
    };
  }

  private String postmaster() {
    return TypedAddress.mailbox(parties.postmaster())
        .map(Object::toString)
        .orElse("postmaster@" + parties.reportingMta());
  }

  /** An address that no header can name still stands in the envelope. */
  private String to() {
    return TypedAddress.mailbox(parties.sender())
        .map(mailbox -> "<" + mailbox + ">")
        .orElse("undisclosed-recipients:;");
  }

  /** Text beyond ASCII goes in Base64: the sender's server need not take 8BITMIME. */
  private static void explanation(Lines lines, String boundary, String text) {
    if (text.chars().allMatch(c -> c <= '~')) {
      part(lines, boundary, "text/plain; charset=us-ascii", "7bit");
      lines.line(text);
    } else {
      part(lines, boundary, "text/plain; charset=utf-8", "base64");
      lines.line(Base64.getMimeEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static void part(Lines lines, String boundary, String mediaType, String encoding) {
    lines
        .line("--" + boundary)
        .field("Content-Type", mediaType)
        .field("Content-Transfer-Encoding", encoding)
        .gap();
  }
}
