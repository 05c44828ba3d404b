package org.jamessts.delivery;

import java.util.List;
import java.util.Optional;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamessts.dns.DomainName;
import org.jamessts.retry.StsAttributes;
import org.jamessts.tlsrpt.ResultType;

/**
 * What an attempt leaves in a mail for whoever handles it next: the attributes that James's
 * matchers and webadmin know from {@code RemoteDelivery}, and {@link StsAttributes}.
 */
final class DeliveryAttributes {

  static final AttributeName ERROR = AttributeName.of("delivery-error");
  static final AttributeName ERROR_CODE = AttributeName.of("delivery-error-code");
  static final AttributeName PERMANENT = AttributeName.of("is-delivery-permanent-error");

  private DeliveryAttributes() {}

  /** Says why the mail waits. */
  static void describeWaiting(Mail mail, Reason reason) {
    describe(mail, reason, reason.queued(), false);
  }

  /** Says why the mail was given up. */
  static void describeGivenUp(Mail mail, Reason reason) {
    describe(mail, reason, reason.ultimate(), true);
    StsAttributes.forgetWaiting(mail);
  }

  /** Forgets earlier attempts: a report of success must not quote them. */
  static void forget(Mail mail) {
    List.of(ERROR, ERROR_CODE, PERMANENT).forEach(name -> mail.removeAttribute(name));
    StsAttributes.forget(mail);
  }

  private static void describe(Mail mail, Reason reason, String code, boolean permanent) {
    String text = code + " " + reason.explanation();
    mail.setAttribute(new Attribute(ERROR, AttributeValue.of(text)));
    mail.setAttribute(
        new Attribute(ERROR_CODE, AttributeValue.of(Integer.parseInt(code.substring(0, 3)))));
    mail.setAttribute(new Attribute(PERMANENT, AttributeValue.of(permanent)));
    Reason.Evidence evidence = reason.evidence();
    StsAttributes.set(mail, StsAttributes.EXPLANATION, Optional.of(text));
    StsAttributes.set(mail, StsAttributes.VERDICT, Optional.of(reason.kind().keyword()));
    StsAttributes.set(mail, StsAttributes.MX, evidence.mx().map(DomainName::value));
    StsAttributes.set(mail, StsAttributes.POLICY, evidence.policy());
    StsAttributes.set(mail, StsAttributes.RESULT_TYPE, evidence.type().map(ResultType::keyword));
  }
}
