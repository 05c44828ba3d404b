package org.jamessts.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamessts.decide.FailureCode;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.jamessts.delivery.RecipientOutcome.Deferred;
import org.jamessts.delivery.RecipientOutcome.Delivered;
import org.jamessts.dns.DomainName;
import org.jamessts.dsn.Diagnosis;
import org.jamessts.smtp.DeliveryResult;
import org.jamessts.smtp.Envelope;
import org.jamessts.smtp.MailboxPath;
import org.jamessts.smtp.RecipientResult;
import org.jamessts.smtp.SmtpException;
import org.jamessts.smtp.SmtpReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at one mail while it goes from host to host: who still waits, what was learned, and
 * how many hosts and addresses may yet be tried. Used by one thread.
 */
final class Attempt {

  private static final Logger LOGGER = LoggerFactory.getLogger(Attempt.class);

  /** To any command but AUTH (RFC 4954 §6). */
  private static final int AUTHENTICATION_REQUIRED = 530;

  private final Envelope envelope;
  private final boolean byGateway;
  private final Map<MailboxPath, Optional<Reason>> pending = new LinkedHashMap<>();
  private final Map<MailboxPath, Reason> incapable = new HashMap<>();
  private final List<RecipientOutcome> done = new ArrayList<>();
  private Optional<Reason> reason = Optional.empty();
  private int hostsLeft;
  private int addressesLeft;
  private final boolean last;
  private boolean over;

  /**
   * @param mail what is to be delivered
   */
  Attempt(OutboundMail mail, int maxHosts, int maxAddresses) {
    this.envelope = mail.envelope();
    this.byGateway = mail.nextHops().stream().allMatch(NextHop::isOperatorsChoice);
    this.last = mail.isLastTry();
    this.hostsLeft = maxHosts;
    this.addressesLeft = maxAddresses;
    envelope.recipients().forEach(recipient -> pending.put(recipient, Optional.empty()));
  }

  /** Whether nothing is left to do in this attempt. */
  boolean isOver() {
    return over || pending.isEmpty();
  }

  /** Whether the mail has no other. */
  boolean isLast() {
    return last;
  }

  /** Uses up one host of the budget. */
  boolean mayTryHost() {
    return hostsLeft-- > 0;
  }

  /** Uses up one address of the budget. */
  boolean mayTryAddress() {
    return addressesLeft-- > 0;
  }

  /** The envelope for those who still wait. */
  Envelope envelope() {
    return envelope.withRecipients(List.copyOf(pending.keySet()));
  }

  /** Remembers why a host was of no use. */
  void note(Reason why) {
    reason = Optional.of(reason.map(known -> known.orBetter(why)).orElse(why));
  }

  /** Ends the attempt for good. */
  void bounceAll(Reason why) {
    pending.keySet().forEach(recipient -> done.add(new Bounced(recipient.value(), why)));
    pending.clear();
  }

  /**
   * Takes a server's answer: who was refused for now stays and may be tried at the next host. So
   * does who was refused because the operator has set no credentials, which is not the sender's
   * fault.
   *
   * @param host which server
   * @param way how the mail went there, for the log
   * @param result its answer
   */
  void take(DomainName host, LogLine way, DeliveryResult result) {
    result.recipients().stream()
        .filter(RecipientResult.Refused.class::isInstance)
        .map(answer -> ((RecipientResult.Refused) answer).reply())
        .filter(this::wantsLogin)
        .findFirst()
        .ifPresent(
            reply ->
                LOGGER.error(
                    "gateway {} wants a login: {}. Mail waits until gatewayUsername, gatewayPassword"
                        + " or gatewayTokenFile are what it wants",
                    host,
                    reply.asText()));
    for (RecipientResult answer : result.recipients()) {
      MailboxPath recipient = answer.recipient();
      if (answer instanceof RecipientResult.Accepted accepted) {
        pending.remove(recipient);
        LogLine how = way.with("reply", accepted.reply().asText());
        Optional<Diagnosis> lastWord =
            accepted.reportsSuccess()
                ? Optional.empty()
                : Optional.of(Reason.success(host, accepted.reply()));
        done.add(new Delivered(recipient.value(), how, lastWord));
      } else if (answer instanceof RecipientResult.Refused refused) {
        refuse(host, recipient, refused.reply());
      } else if (answer instanceof RecipientResult.Unable unable) {
        incapable.put(recipient, Reason.incapable(host, unable.reply()));
      } else if (answer instanceof RecipientResult.HeldBack heldBack) {
        holdBack(host, recipient, heldBack.refusal());
      } else if (answer instanceof RecipientResult.Unsettled unsettled) {
        fail(host, unsettled.failure());
      }
    }
  }

  /** Somebody else was refused. Where that is final, the next host would not ask for him again. */
  private void holdBack(DomainName host, MailboxPath recipient, SmtpReply refusal) {
    pending.put(recipient, Optional.of(Reason.heldBack(host, refusal)));
    over |= isFinal(refusal);
  }

  private boolean isFinal(SmtpReply refusal) {
    return refusal.isPermanent() && !wantsLogin(refusal);
  }

  private boolean wantsLogin(SmtpReply refusal) {
    return byGateway && refusal.code() == AUTHENTICATION_REQUIRED;
  }

  private void refuse(DomainName host, MailboxPath recipient, SmtpReply reply) {
    Reason why = Reason.of(host, reply);
    if (isFinal(reply)) {
      pending.remove(recipient);
      done.add(new Bounced(recipient.value(), why));
    } else {
      pending.put(recipient, Optional.of(why));
    }
  }

  /** Remembers that a conversation broke off; where a host may have taken the mail, it is over. */
  void fail(DomainName host, SmtpException failure) {
    Reason why =
        failure
            .reply()
            .map(reply -> Reason.of(host, reply))
            .orElseGet(
                () -> Reason.unreachable(codeOf(failure), host + ": " + failure.getMessage()));
    note(why);
    // Another host now could deliver the mail twice.
    over |= failure.afterData();
  }

  private static FailureCode codeOf(SmtpException failure) {
    return switch (failure.kind()) {
      case CONTENT_UNREADABLE -> FailureCode.LOCAL;
      case AUTH_NOT_OFFERED -> FailureCode.GATEWAY_LOGIN;
      default -> FailureCode.NETWORK;
    };
  }

  /** The end: who still waits is deferred, for the reason that says most. */
  DeliveryReport report() {
    List<RecipientOutcome> outcomes = new ArrayList<>(done);
    Reason general =
        reason.orElseGet(() -> Reason.unreachable(FailureCode.NETWORK, "no host could be tried"));
    pending.forEach(
        (recipient, own) -> {
          Reason lacking = incapable.get(recipient);
          outcomes.add(
              lacking != null && own.isEmpty() && reason.isEmpty()
                  // Every host was asked, and none can take it (RFC 6531 §3.2, RFC 6152 §3).
                  ? new Bounced(recipient.value(), lacking)
                  : new Deferred(
                      recipient.value(),
                      own.map(known -> known.orBetter(general)).orElse(general)));
        });
    return new DeliveryReport(outcomes);
  }
}
