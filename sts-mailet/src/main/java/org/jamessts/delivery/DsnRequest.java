package org.jamessts.delivery;

import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Function;
import org.apache.james.core.MailAddress;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.DsnParameters.Ret;
import org.apache.mailet.DsnParameters.XText;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the sender asked for when he submitted the mail (RFC 3461 §4), as far as James's hooks for
 * DSN have kept it. James keeps texts as they stood in the commands, so they are decoded here.
 */
final class DsnRequest {

  private static final Logger LOGGER = LoggerFactory.getLogger(DsnRequest.class);

  /** Of what an envelope may carry (RFC 3461 §5.4). */
  private static final int MAX_ENVELOPE_ID = 100;

  private final Optional<DsnParameters> parameters;

  private DsnRequest(Optional<DsnParameters> parameters) {
    this.parameters = parameters;
  }

  static DsnRequest of(Mail mail) {
    try {
      return new DsnRequest(mail.dsnParameters());
    } catch (IllegalArgumentException e) {
      // Whoever wrote them was not James.
      LOGGER.warn("{} has DSN attributes that cannot be read: {}", mail.getName(), e.toString());
      return new DsnRequest(Optional.empty());
    }
  }

  /** Whether the sender is to hear of a failure: unless he said otherwise (§4.1). */
  boolean wantsFailure(MailAddress recipient) {
    return wants(recipient, Notify.FAILURE);
  }

  /** Whether the sender is to hear of a delay; when he said nothing, that is up to us (§4.1). */
  boolean wantsDelay(MailAddress recipient) {
    return wants(recipient, Notify.DELAY);
  }

  /** Whether the sender is to hear of success: if he asked for it (§4.1). */
  boolean wantsSuccess(MailAddress recipient) {
    return of(recipient, RecipientDsnParameters::getNotifyParameter)
        .map(wanted -> wanted.contains(Notify.SUCCESS))
        .orElse(false);
  }

  private boolean wants(MailAddress recipient, Notify what) {
    Optional<EnumSet<Notify>> notify = of(recipient, RecipientDsnParameters::getNotifyParameter);
    return notify.map(wanted -> wanted.contains(what)).orElse(true);
  }

  /** ORCPT, without its type: James takes only {@code rfc822} (§4.2). */
  Optional<String> originalRecipient(MailAddress recipient) {
    return of(recipient, RecipientDsnParameters::getOrcptParameter)
        .map(address -> decoded(address.asString()));
  }

  /** ENVID (§4.4). */
  Optional<String> envelopeId() {
    return parameters
        .flatMap(DsnParameters::getEnvIdParameter)
        .map(id -> decoded(id.asString()))
        .map(id -> id.length() <= MAX_ENVELOPE_ID ? id : id.substring(0, MAX_ENVELOPE_ID));
  }

  /** RET: how much of the mail is to go back (§4.3). */
  Optional<Ret> returned() {
    return parameters.flatMap(DsnParameters::getRetParameter);
  }

  private <T> Optional<T> of(
      MailAddress recipient, Function<RecipientDsnParameters, Optional<T>> parameter) {
    return parameters.map(present -> present.getRcptParameters().get(recipient)).flatMap(parameter);
  }

  private static String decoded(String text) {
    return XText.isValid(text) ? XText.decode(text) : text;
  }
}
