package org.jamessts.delivery;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.jamessts.dns.DomainName;
import org.jamessts.retry.StsAttributes;
import org.jamessts.smtp.PrintableText;
import org.jamessts.tlsrpt.ResultType;

/**
 * What an attempt leaves in a mail for whoever handles it next: the attributes that James's
 * matchers and webadmin know from {@code RemoteDelivery}, and {@link StsAttributes}. All survive
 * James's queues and repositories.
 */
final class DeliveryAttributes {

  static final AttributeName ERROR = AttributeName.of("delivery-error");
  static final AttributeName ERROR_CODE = AttributeName.of("delivery-error-code");
  static final AttributeName PERMANENT = AttributeName.of("is-delivery-permanent-error");

  /** When the sender was told that the mail is late. */
  static final AttributeName DELAY_TOLD = AttributeName.of("sts.delay-told");

  private static final int MAX_ERROR = 2000;

  private DeliveryAttributes() {}

  /**
   * Several reasons together.
   *
   * @param evidence for whoever knows the attributes of {@code RemoteDelivery}: what was seen
   * @param explanation with the rule, how fresh it is, and what would help
   */
  private record Words(String evidence, String explanation) {
    static Words of(List<Reason> reasons) {
      return new Words(
          joined(reasons, reason -> reason.why().evidence()), joined(reasons, Reason::explanation));
    }

    private static String joined(List<Reason> reasons, Function<Reason, String> text) {
      return PrintableText.of(
          reasons.stream().map(text).distinct().collect(Collectors.joining("; ")), MAX_ERROR);
    }
  }

  /** Says why the mail waits. */
  static void describeWaiting(Mail mail, Reason reason) {
    describe(mail, reason, reason.queued(), Words.of(List.of(reason)), false);
  }

  /** Says why the mail was given up: for each recipient, and for all of them together. */
  static void describeGivenUp(Mail mail, List<Bounced> outcomes, Instant lastAttempt) {
    Reason first = outcomes.get(0).reason();
    Words words = Words.of(outcomes.stream().map(Bounced::reason).toList());
    describe(mail, first, first.ultimate(), words, true);
    StsAttributes.forgetWaiting(mail);
    GivenUpAttribute.write(mail, outcomes, lastAttempt);
    // What James's Bounce tells.
    AttributeUtils.getValueAndCastFromMail(mail, ERROR, String.class)
        .ifPresent(mail::setErrorMessage);
  }

  /** Forgets earlier attempts: a report of success must not quote them. */
  static void forget(Mail mail) {
    List.of(ERROR, ERROR_CODE, PERMANENT, DELAY_TOLD, GivenUpAttribute.NAME)
        .forEach(name -> mail.removeAttribute(name));
    StsAttributes.forget(mail);
  }

  /**
   * Forgets earlier attempts of a mail that is handed in. Where there were any, it arrives now;
   * else when it came here, which is now unless somebody has noted it.
   */
  static void beginAnew(Mail mail, Instant now) {
    if (mail.getAttribute(ERROR).isPresent()) {
      mail.removeAttribute(StsAttributes.ARRIVAL);
    }
    forget(mail);
    noteArrival(mail, now);
  }

  /** When the mail came here; empty when nobody has noted it. */
  static Optional<Instant> arrival(Mail mail) {
    return AttributeUtils.getValueAndCastFromMail(mail, StsAttributes.ARRIVAL, ZonedDateTime.class)
        .map(ZonedDateTime::toInstant);
  }

  /** Notes when the mail came here, unless that is known. */
  static void noteArrival(Mail mail, Instant now) {
    if (arrival(mail).isEmpty()) {
      mail.setAttribute(new Attribute(StsAttributes.ARRIVAL, moment(now)));
    }
  }

  /** Whether the sender was told that the mail is late. */
  static boolean isDelayTold(Mail mail) {
    return mail.getAttribute(DELAY_TOLD).isPresent();
  }

  /** Notes that the sender was told that the mail is late. */
  static void noteDelayTold(Mail mail, Instant now) {
    mail.setAttribute(new Attribute(DELAY_TOLD, moment(now)));
  }

  private static AttributeValue<ZonedDateTime> moment(Instant moment) {
    return AttributeValue.of(moment.atZone(ZoneOffset.UTC));
  }

  private static void describe(
      Mail mail, Reason reason, String code, Words words, boolean permanent) {
    mail.setAttribute(new Attribute(ERROR, AttributeValue.of(code + " " + words.evidence())));
    mail.setAttribute(
        new Attribute(ERROR_CODE, AttributeValue.of(Integer.parseInt(code.substring(0, 3)))));
    mail.setAttribute(new Attribute(PERMANENT, AttributeValue.of(permanent)));
    Reason.Evidence evidence = reason.evidence();
    StsAttributes.set(
        mail, StsAttributes.EXPLANATION, Optional.of(code + " " + words.explanation()));
    StsAttributes.set(mail, StsAttributes.VERDICT, Optional.of(reason.kind().keyword()));
    StsAttributes.set(mail, StsAttributes.MX, evidence.mx().map(DomainName::value));
    StsAttributes.set(mail, StsAttributes.POLICY, evidence.policy());
    StsAttributes.set(mail, StsAttributes.RESULT_TYPE, evidence.type().map(ResultType::keyword));
  }
}
