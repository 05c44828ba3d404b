package org.jamessts.smtp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jamessts.smtp.RecipientResult.HeldBack;
import org.jamessts.smtp.RecipientResult.Refused;
import org.jamessts.smtp.RecipientResult.Unable;
import org.jamessts.smtp.SmtpException.Kind;

/**
 * What a server can take of a mail, known before any of it is sent.
 *
 * @param content what to send: the message, or its form for servers without 8BITMIME
 * @param settled the recipients for whom nothing is sent, and why
 */
record Fit(MailContent content, Map<MailboxPath, RecipientResult> settled) {

  /**
   * Compares a mail with what the server offers.
   *
   * @throws SmtpException when the message cannot be read
   */
  static Fit of(Envelope envelope, MailContent given, SmtpCapabilities offered)
      throws SmtpException {
    if (!offered.smtpUtf8()
        && (given.utf8Header()
            || envelope.reversePath().filter(MailboxPath::needsSmtpUtf8).isPresent())) {
      return nobody(envelope, given, unable(given.utf8Header() ? utf8Header() : utf8Address()));
    }
    Optional<MailContent> content = suitable(given, offered);
    if (content.isEmpty()) {
      return nobody(envelope, given, unable(eightBit()));
    }
    OptionalLong limit = offered.sizeLimit();
    long size = content.get().size();
    if (limit.isPresent() && size > limit.getAsLong()) {
      SmtpReply tooBig = tooBig(size, limit.getAsLong());
      return nobody(envelope, given, recipient -> new Refused(recipient, tooBig));
    }
    return new Fit(content.get(), settled(envelope, offered));
  }

  private interface Settlement {
    RecipientResult of(MailboxPath recipient);
  }

  private static Fit nobody(Envelope envelope, MailContent content, Settlement why) {
    Map<MailboxPath, RecipientResult> settled = new LinkedHashMap<>();
    envelope.recipients().forEach(recipient -> settled.put(recipient, why.of(recipient)));
    return new Fit(content, settled);
  }

  private static Settlement unable(SmtpReply reply) {
    return recipient -> new Unable(recipient, reply);
  }

  /** RFC 6152 §3: without 8BITMIME, no octet above 127. */
  private static Optional<MailContent> suitable(MailContent given, SmtpCapabilities offered)
      throws SmtpException {
    if (!given.eightBit() || offered.eightBitMime()) {
      return Optional.of(given);
    }
    try {
      return given.sevenBit();
    } catch (IOException e) {
      throw SmtpException.of(
          Kind.CONTENT_UNREADABLE, "the message cannot be read: " + e.getMessage(), e);
    }
  }

  private static Map<MailboxPath, RecipientResult> settled(
      Envelope envelope, SmtpCapabilities offered) {
    Map<MailboxPath, RecipientResult> settled = new LinkedHashMap<>();
    SmtpReply why = utf8Address();
    for (MailboxPath recipient : envelope.recipients()) {
      if (recipient.needsSmtpUtf8() && !offered.smtpUtf8()) {
        settled.put(recipient, new Unable(recipient, why));
      }
    }
    if (!settled.isEmpty() && envelope.options().allOrNone()) {
      envelope
          .recipients()
          .forEach(recipient -> settled.putIfAbsent(recipient, new HeldBack(recipient, why)));
    }
    return settled;
  }

  /** Those for whom something is to be sent. */
  List<MailboxPath> open(Envelope envelope) {
    return envelope.recipients().stream()
        .filter(recipient -> !settled.containsKey(recipient))
        .toList();
  }

  /**
   * All results, in the order of the envelope.
   *
   * @param sent of those for whom something was sent, in their order
   */
  DeliveryResult with(Envelope envelope, List<RecipientResult> sent) {
    Iterator<RecipientResult> next = sent.iterator();
    List<RecipientResult> all = new ArrayList<>();
    for (MailboxPath recipient : envelope.recipients()) {
      RecipientResult known = settled.get(recipient);
      all.add(known == null ? next.next() : known);
    }
    return new DeliveryResult(all);
  }

  private static SmtpReply tooBig(long size, long limit) {
    return SmtpReply.synthesized(
        552,
        new EnhancedStatus(5, 3, 4),
        "the message has " + size + " octets, the server takes " + limit);
  }

  private static SmtpReply utf8Address() {
    return SmtpReply.synthesized(
        553,
        new EnhancedStatus(5, 6, 7),
        "an address is not ASCII, and the server does not offer SMTPUTF8");
  }

  private static SmtpReply utf8Header() {
    return SmtpReply.synthesized(
        550,
        new EnhancedStatus(5, 6, 9),
        "the message's header is in UTF-8, and the server does not offer SMTPUTF8");
  }

  private static SmtpReply eightBit() {
    return SmtpReply.synthesized(
        554,
        new EnhancedStatus(5, 6, 3),
        "the message has 8-bit content that must not be converted, and the server does not offer"
            + " 8BITMIME");
  }
}
