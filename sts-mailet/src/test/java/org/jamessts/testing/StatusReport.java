package org.jamessts.testing;

import com.sun.mail.dsn.DeliveryStatus;
import com.sun.mail.dsn.MultipartReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.mail.BodyPart;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.InternetHeaders;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeUtility;

/**
 * A delivery status notification (RFC 3464) as a sender's program sees it: taken apart by JavaMail.
 *
 * @param octets all of it, one character an octet
 * @param message all of it
 * @param text the part for people
 * @param status the part for programs
 * @param returned the part with the mail that it is about
 */
public record StatusReport(
    String octets, MimeMessage message, String text, DeliveryStatus status, BodyPart returned) {

  /**
   * Reads one.
   *
   * @param octets one character an octet
   * @throws AssertionError if it has not the three parts of a notification
   */
  public static StatusReport parse(String octets) {
    try {
      MimeMessage message =
          new MimeMessage(
              (Session) null,
              new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)));
      if (!(message.getContent() instanceof MultipartReport report) || report.getCount() != 3) {
        throw new AssertionError("no report of three parts:\n" + octets);
      }
      return new StatusReport(
          octets,
          message,
          report.getBodyPart(0).getContent().toString(),
          (DeliveryStatus) report.getReport(),
          report.getBodyPart(2));
    } catch (MessagingException | IOException e) {
      throw new AssertionError("no report:\n" + octets, e);
    }
  }

  /** The same of a message that James holds. */
  public static StatusReport of(MimeMessage message) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try {
      message.writeTo(octets);
    } catch (MessagingException | IOException e) {
      throw new AssertionError("no message", e);
    }
    return parse(octets.toString(StandardCharsets.ISO_8859_1));
  }

  /** The part for people as words with single spaces. */
  public String words() {
    return text.replaceAll("\\s+", " ");
  }

  /** The addresses that it is about, as people read them. */
  public List<String> named() {
    return text.lines().filter(line -> line.matches("  \\S.*")).map(String::strip).toList();
  }

  /** A header field, unfolded; empty when there is none. */
  public Optional<String> header(String name) {
    try {
      return Optional.ofNullable(message.getHeader(name, "|")).map(MimeUtility::unfold);
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }

  /** A field about the whole mail, unfolded; of more than one, all of them. */
  public Optional<String> field(String name) {
    return field(status.getMessageDSN(), name);
  }

  /** A field about a recipient, the first being 0; likewise. */
  public Optional<String> field(int recipient, String name) {
    return field(status.getRecipientDSN(recipient), name);
  }

  private static Optional<String> field(InternetHeaders fields, String name) {
    return Optional.ofNullable(fields.getHeader(name, "|")).map(MimeUtility::unfold);
  }

  /** The addresses that it is about, without their type. */
  public List<String> recipients() {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < status.getRecipientDSNCount(); i++) {
      addresses.add(
          field(i, "Final-Recipient").orElseThrow().replaceFirst("^(rfc822|utf-8); ", ""));
    }
    return addresses;
  }

  /** The names of all fields about a recipient, in their order. */
  public List<String> fieldNames(int recipient) {
    return Collections.list(status.getRecipientDSN(recipient).getAllHeaders()).stream()
        .map(header -> header.getName())
        .toList();
  }

  /** The third part as it stands there, one character an octet. */
  public String returnedOctets() {
    try {
      return new String(returned.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (MessagingException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
