package org.jamessts.retry;

import java.util.List;
import java.util.Optional;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;

/** The attributes of a mail that say what became of the last attempt to deliver it. */
public final class StsAttributes {

  /** Who refused: {@code policy}, {@code reply}, {@code unreachable} and so on. */
  public static final AttributeName VERDICT = AttributeName.of("sts.verdict");

  /** What a TLS report calls the failure (RFC 8460 §4.3), where a policy or DANE held the mail. */
  public static final AttributeName RESULT_TYPE = AttributeName.of("sts.result-type");

  /** What was asked of the host, where that held the mail: {@code MTA-STS (enforce) example}. */
  public static final AttributeName POLICY = AttributeName.of("sts.policy");

  /** The host that refused or was refused. */
  public static final AttributeName MX = AttributeName.of("sts.mx");

  /**
   * Code, evidence, rule, freshness and remedy, for a person to read: as in the log and in
   * notifications.
   */
  public static final AttributeName EXPLANATION = AttributeName.of("sts.explanation");

  /** When the mail is tried again, as RFC 3339 has it; only while it waits. */
  public static final AttributeName NEXT_ATTEMPT = AttributeName.of("sts.next-attempt");

  /** The queue to which it then goes; only while it waits. */
  public static final AttributeName QUEUE = AttributeName.of("sts.queue");

  /** For which domain, or gateway, it waits; only while it waits. */
  public static final AttributeName DOMAIN = AttributeName.of("sts.domain");

  /** The verdict of a mail whose destination breaks what it publishes itself. */
  static final String BY_POLICY = "policy";

  /** The verdict of a mail whose destination breaks what the operator demands of it. */
  static final String BY_OPERATOR = "operator";

  /** When the mail came here; James's hooks for DSN set it too, and {@code DSNBounce} reads it. */
  public static final AttributeName ARRIVAL = AttributeName.of("dsn-arrival-date");

  /** The verdict of a mail with which nothing was tried, since there was no place for it. */
  static final String BUSY = "busy";

  private StsAttributes() {}

  static boolean isBusy(Mail mail) {
    return get(mail, VERDICT).filter(BUSY::equals).isPresent();
  }

  /** Sets an attribute, or takes it away. */
  public static void set(Mail mail, AttributeName name, Optional<String> value) {
    value.ifPresentOrElse(
        text -> mail.setAttribute(new Attribute(name, AttributeValue.of(text))),
        () -> mail.removeAttribute(name));
  }

  /** The value of an attribute. */
  public static Optional<String> get(Mail mail, AttributeName name) {
    return AttributeUtils.getValueAndCastFromMail(mail, name, String.class);
  }

  /** Forgets that a mail was to wait. */
  public static void forgetWaiting(Mail mail) {
    List.of(NEXT_ATTEMPT, QUEUE, DOMAIN).forEach(name -> mail.removeAttribute(name));
  }

  /** Forgets all of it. */
  public static void forget(Mail mail) {
    forgetWaiting(mail);
    List.of(VERDICT, RESULT_TYPE, POLICY, MX, EXPLANATION)
        .forEach(name -> mail.removeAttribute(name));
  }
}
