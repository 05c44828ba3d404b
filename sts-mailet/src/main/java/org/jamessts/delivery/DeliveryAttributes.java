package org.jamessts.delivery;

import java.util.List;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;

/**
 * What an attempt leaves in a mail for whoever handles it next. The first three are those that
 * James's matchers and webadmin know from {@code RemoteDelivery}.
 */
final class DeliveryAttributes {

  static final AttributeName ERROR = AttributeName.of("delivery-error");
  static final AttributeName ERROR_CODE = AttributeName.of("delivery-error-code");
  static final AttributeName PERMANENT = AttributeName.of("is-delivery-permanent-error");
  static final AttributeName EXPLANATION = AttributeName.of("sts.explanation");

  private DeliveryAttributes() {}

  /** Says why the mail waits. */
  static void describeWaiting(Mail mail, Reason reason) {
    describe(mail, reason, reason.queued(), false);
  }

  /** Says why the mail was given up. */
  static void describeGivenUp(Mail mail, Reason reason) {
    describe(mail, reason, reason.ultimate(), true);
  }

  /** Forgets earlier attempts: a report of success must not quote them. */
  static void forget(Mail mail) {
    List.of(ERROR, ERROR_CODE, PERMANENT, EXPLANATION).forEach(name -> mail.removeAttribute(name));
  }

  private static void describe(Mail mail, Reason reason, String code, boolean permanent) {
    String text = code + " " + reason.explanation();
    mail.setAttribute(new Attribute(ERROR, AttributeValue.of(text)));
    mail.setAttribute(
        new Attribute(ERROR_CODE, AttributeValue.of(Integer.parseInt(code.substring(0, 3)))));
    mail.setAttribute(new Attribute(PERMANENT, AttributeValue.of(permanent)));
    mail.setAttribute(new Attribute(EXPLANATION, AttributeValue.of(text)));
  }
}
