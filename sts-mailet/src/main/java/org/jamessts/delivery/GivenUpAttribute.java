package org.jamessts.delivery;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.jamessts.dsn.Diagnosis;
import org.jamessts.dsn.RemoteReply;

/**
 * The mail attribute {@code sts.given-up}: a map from each recipient to the map of why and when it
 * was given up, which holds {@code code}, {@code explanation}, {@code under-policy}, {@code
 * last-attempt} and, where a server has answered, {@code remote-mta} and {@code reply}. All are
 * texts, so it survives wherever James puts a mail.
 */
final class GivenUpAttribute {

  static final AttributeName NAME = AttributeName.of("sts.given-up");

  private static final String CODE = "code";
  private static final String EXPLANATION = "explanation";
  private static final String UNDER_POLICY = "under-policy";
  private static final String LAST_ATTEMPT = "last-attempt";
  private static final String REMOTE_MTA = "remote-mta";
  private static final String REPLY = "reply";

  /**
   * What it says of one recipient.
   *
   * @param diagnosis why
   * @param lastAttempt when it was tried last
   */
  record GivenUp(Diagnosis diagnosis, Instant lastAttempt) {}

  private GivenUpAttribute() {}

  static void write(Mail mail, List<Bounced> outcomes, Instant lastAttempt) {
    Map<String, AttributeValue<?>> recipients = new HashMap<>();
    for (Bounced outcome : outcomes) {
      recipients.put(
          outcome.recipient(), AttributeValue.of(texts(outcome.reason().inTheEnd(), lastAttempt)));
    }
    mail.setAttribute(new Attribute(NAME, AttributeValue.of(recipients)));
  }

  private static Map<String, AttributeValue<?>> texts(Diagnosis diagnosis, Instant lastAttempt) {
    Map<String, AttributeValue<?>> texts = new HashMap<>();
    texts.put(CODE, AttributeValue.of(diagnosis.code()));
    texts.put(EXPLANATION, AttributeValue.of(diagnosis.explanation()));
    texts.put(UNDER_POLICY, AttributeValue.of(Boolean.toString(diagnosis.underPolicy())));
    texts.put(LAST_ATTEMPT, AttributeValue.of(lastAttempt.toString()));
    diagnosis
        .reply()
        .ifPresent(
            reply -> {
              texts.put(REMOTE_MTA, AttributeValue.of(reply.host()));
              texts.put(REPLY, AttributeValue.of(reply.text()));
            });
    return texts;
  }

  /** What the attribute says of a recipient; empty when it is not there, or not ours. */
  static Optional<GivenUp> read(Mail mail, String recipient) {
    return mail.getAttribute(NAME)
        .flatMap(attribute -> entry(attribute.getValue(), recipient))
        .flatMap(GivenUpAttribute::parse);
  }

  private static Optional<GivenUp> parse(AttributeValue<?> texts) {
    try {
      return Optional.of(
          new GivenUp(
              new Diagnosis(
                  text(texts, CODE),
                  text(texts, EXPLANATION),
                  Boolean.parseBoolean(text(texts, UNDER_POLICY)),
                  entry(texts, REPLY)
                      .map(any -> new RemoteReply(text(texts, REMOTE_MTA), text(texts, REPLY)))),
              Instant.parse(text(texts, LAST_ATTEMPT))));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String text(AttributeValue<?> map, String key) {
    return entry(map, key).flatMap(value -> value.valueAs(String.class)).orElse("");
  }

  private static Optional<AttributeValue<?>> entry(AttributeValue<?> map, String key) {
    return map.valueAs(Map.class)
        .map(entries -> entries.get(key))
        .filter(AttributeValue.class::isInstance)
        .map(value -> (AttributeValue<?>) value);
  }
}
