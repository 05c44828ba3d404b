package org.jamessts.retry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of a mail but its message, as JSON: name, sender, recipients, attributes (those that hold the
 * parameters of RFC 3461 among them) and headers for single recipients. The state is not kept: a
 * mail that waits is in one state, {@code error}, as {@code RemoteDelivery} leaves it.
 */
final class MailEnvelope {

  private static final Logger LOGGER = LoggerFactory.getLogger(MailEnvelope.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private MailEnvelope() {}

  /** Writes it. */
  static String encode(Mail mail) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", mail.getName());
    json.put("sender", mail.getMaybeSender().asOptional().map(MailAddress::asString).orElse(null));
    ArrayNode recipients = json.putArray("recipients");
    mail.getRecipients().forEach(recipient -> recipients.add(recipient.asString()));
    json.put("errorMessage", mail.getErrorMessage());
    json.put("remoteHost", mail.getRemoteHost());
    json.put("remoteAddr", mail.getRemoteAddr());
    Optional.ofNullable(mail.getLastUpdated())
        .ifPresent(time -> json.put("lastUpdated", time.toInstant().toEpochMilli()));
    ObjectNode attributes = json.putObject("attributes");
    mail.attributes().forEach(attribute -> add(mail, attribute, attributes));
    ArrayNode headers = json.putArray("headers");
    mail.getPerRecipientSpecificHeaders()
        .getHeadersByRecipient()
        .forEach((recipient, header) -> add(recipient, header, headers));
    return json.toString();
  }

  private static void add(Mail mail, Attribute attribute, ObjectNode attributes) {
    String name = attribute.getName().asString();
    try {
      attribute
          .getValue()
          .toJson()
          .ifPresentOrElse(
              value -> attributes.set(name, value), () -> notKept(mail, name, "it has no JSON"));
    } catch (RuntimeException e) {
      notKept(mail, name, e.toString());
    }
  }

  /** James's own queues lose such attributes, too. */
  private static void notKept(Mail mail, String name, String why) {
    LOGGER.warn("attribute {} of {} is not kept: {}", name, mail.getName(), why);
  }

  private static void add(MailAddress recipient, Header header, ArrayNode headers) {
    headers
        .addObject()
        .put("recipient", recipient.asString())
        .put("name", header.getName())
        .put("value", header.getValue());
  }

  /**
   * Makes a mail of it, without a message.
   *
   * @throws UnreadableMailException when that is not possible
   */
  static MailImpl decode(String envelope) throws UnreadableMailException {
    try {
      JsonNode json = JSON.readTree(envelope);
      MailImpl.Builder mail =
          MailImpl.builder()
              .name(json.path("name").asText())
              .sender(text(json, "sender").map(MailEnvelope::address))
              .addRecipients(recipients(json))
              .state(Mail.ERROR);
      text(json, "errorMessage").ifPresent(mail::errorMessage);
      text(json, "remoteHost").ifPresent(mail::remoteHost);
      text(json, "remoteAddr").ifPresent(mail::remoteAddr);
      if (json.hasNonNull("lastUpdated")) {
        mail.lastUpdated(Date.from(Instant.ofEpochMilli(json.path("lastUpdated").asLong())));
      }
      json.path("attributes")
          .fields()
          .forEachRemaining(
              attribute ->
                  mail.addAttribute(
                      new Attribute(
                          AttributeName.of(attribute.getKey()),
                          AttributeValue.fromJson(attribute.getValue()))));
      json.path("headers")
          .forEach(header -> mail.addHeaderForRecipient(header(header), recipient(header)));
      return mail.build();
    } catch (JsonProcessingException | RuntimeException e) {
      throw new UnreadableMailException("the envelope cannot be read: " + e, e);
    }
  }

  /** When its mail came here; empty when nobody has noted it. */
  static Optional<Instant> arrival(String envelope) {
    try {
      return AttributeUtils.getValueAndCastFromMail(
              decode(envelope), StsAttributes.ARRIVAL, ZonedDateTime.class)
          .map(ZonedDateTime::toInstant);
    } catch (UnreadableMailException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private static List<MailAddress> recipients(JsonNode json) {
    List<MailAddress> recipients = new ArrayList<>();
    json.path("recipients").forEach(recipient -> recipients.add(address(recipient.asText())));
    return recipients;
  }

  private static MailAddress recipient(JsonNode header) {
    return address(header.path("recipient").asText());
  }

  private static Header header(JsonNode header) {
    return Header.builder()
        .name(header.path("name").asText())
        .value(header.path("value").asText())
        .build();
  }

  private static MailAddress address(String text) {
    try {
      return new MailAddress(text);
    } catch (AddressException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
