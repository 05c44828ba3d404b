package org.jamessts.delivery;

import com.google.inject.Inject;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.apache.mailet.Mail;
import org.apache.mailet.ProcessingState;
import org.apache.mailet.base.GenericMailet;
import org.jamessts.retry.DeferredMails;
import org.jamessts.settings.InvalidSettingException;
import org.jamessts.smtp.PrintableText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers mail to other servers under the policies that their domains publish. It stands in {@code
 * mailetcontainer.xml} where {@code RemoteDelivery} stood, with the same parameters:
 *
 * <ul>
 *   <li>{@code outgoing}: name of the queue (default {@code outgoing})
 *   <li>{@code delayTime}, {@code maxRetries}, {@code maxDnsProblemRetries}: when a deferred mail
 *       is tried again, and when it is given up
 *   <li>{@code expireAfter}: how long after its arrival a mail is given up (default never); with it
 *       the number of retries has no limit unless {@code maxRetries} is set
 *   <li>{@code delayWarningAfter}: how long after its arrival a mail's sender is told that it waits
 *       (default 4 hours)
 *   <li>{@code timeout}, {@code connectiontimeout}: milliseconds
 *   <li>{@code port}: of MX hosts (default 25)
 *   <li>{@code heloName}, {@code bind}: how this server appears
 *   <li>{@code gateway}, {@code gatewayPort}, {@code loadBalancing}: smart hosts in place of MX
 *       hosts
 *   <li>{@code gatewayUsername}, {@code gatewayPassword}, {@code gatewayTokenFile}, {@code
 *       gatewayAllowCleartextAuth}: how to log in to them
 *   <li>{@code sslEnable}: TLS comes first (RFC 8314), in place of STARTTLS
 *   <li>{@code sendpartial}: whether some recipients get the mail though others are refused
 *   <li>{@code bounceProcessor}, {@code onSuccess}: where mails go afterwards
 *   <li>{@code deferProcessor}: where deferred mails go to wait, which ends with {@link
 *       org.jamessts.retry.DeferredRetry}; without it they wait in the queue
 *   <li>{@code usePriority}: retries yield to new mail
 * </ul>
 *
 * <p>Some properties of JavaMail, such as {@code mail.smtp.timeout}, are taken for the parameter of
 * the same meaning; others are unknown. A parameter that cannot be honoured is named in a warning
 * at start; an unknown one or an impossible value stops the start.
 */
public final class StsRemoteDelivery extends GenericMailet {

  private static final Logger LOGGER = LoggerFactory.getLogger(StsRemoteDelivery.class);

  /**
   * Between a mail's name and the domain that it goes to; James's webadmin and matchers know it.
   */
  static final String NAME_JUNCTION = "-to-";

  private final MailQueueFactory<?> queues;
  private final DeliveryFactory factory;
  private final DeferredMails deferred;
  private @Nullable Running running;

  private record Running(DeliveryParameters parameters, MailQueue queue, OutgoingQueue outgoing) {}

  /**
   * Called by James.
   *
   * @param queues makes the outgoing queue
   * @param factory makes the engine from the parameters
   * @param deferred puts mails into the queue as long as this takes them out
   */
  @Inject
  public StsRemoteDelivery(
      MailQueueFactory<?> queues, DeliveryFactory factory, DeferredMails deferred) {
    this.queues = queues;
    this.factory = factory;
    this.deferred = deferred;
  }

  @Override
  public void init() {
    DeliveryParameters parameters = parameters();
    parameters
        .notHonoured()
        .forEach((key, why) -> LOGGER.warn("StsRemoteDelivery: <{}> has no effect: {}", key, why));
    MailQueue queue =
        queues.createQueue(
            parameters.outgoing(), MailQueueFactory.prefetchCount(factory.mailsAtOnce()));
    if (OutgoingQueue.ignoresDelays(queue) && parameters.processors().defer().isEmpty()) {
      LOGGER.warn(
          "StsRemoteDelivery: the queue {} ignores delays, so deferred mail goes round in it and is"
              + " in the way of new mail; set <deferProcessor>",
          parameters.outgoing().asString());
    }
    OutgoingQueue outgoing = factory.create(parameters, queue, getMailetContext());
    running = new Running(parameters, queue, outgoing);
    outgoing.start();
  }

  private DeliveryParameters parameters() {
    try {
      return DeliveryParameters.parse(getMailetConfig());
    } catch (InvalidSettingException e) {
      // James prints a long trace of what failed because of this; the one line is for the operator.
      LOGGER.error("{}", e.getMessage());
      throw e;
    }
  }

  @Override
  public String getMailetInfo() {
    return "StsRemoteDelivery: delivery under DANE and MTA-STS";
  }

  /** Queues the mail, one item a recipient domain; delivery happens later. */
  @Override
  public void service(Mail mail) throws MessagingException {
    Running current = running();
    // A mail that is handed in once more, for example out of a repository, begins anew.
    DeliveryAttributes.beginAnew(mail, factory.now());
    mail.removeAttribute(DeliveryRetriesHelper.DELIVERY_RETRY_COUNT);
    SubmittersOptions.keepPriority(mail);
    if (current.parameters().usePriority()) {
      mail.setAttribute(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE);
    }
    if (mail.getRecipients().isEmpty()) {
      LOGGER.warn("{} has no recipients: it ends here", mail.getName());
    } else if (current.parameters().gateways().isEmpty()) {
      enqueueByDomain(mail, current.queue());
    } else {
      current.queue().enQueue(mail);
    }
    mail.setState(Mail.GHOST);
  }

  /** Where the queue fails, the mail is left with its name and with those who are not queued. */
  private static void enqueueByDomain(Mail mail, MailQueue queue) throws MessagingException {
    String name = mail.getName();
    Map<Domain, Set<MailAddress>> left = byDomain(mail.getRecipients());
    try {
      for (Domain domain : List.copyOf(left.keySet())) {
        mail.setRecipients(left.getOrDefault(domain, Set.of()));
        mail.setName(name + NAME_JUNCTION + domain.name());
        queue.enQueue(mail);
        left.remove(domain);
      }
    } finally {
      mail.setName(name);
      mail.setRecipients(left.values().stream().flatMap(Set::stream).toList());
    }
  }

  private static Map<Domain, Set<MailAddress>> byDomain(Collection<MailAddress> recipients) {
    Map<Domain, Set<MailAddress>> domains = new LinkedHashMap<>();
    for (MailAddress recipient : recipients) {
      domains.computeIfAbsent(recipient.getDomain(), any -> new LinkedHashSet<>()).add(recipient);
    }
    return domains;
  }

  @Override
  public Collection<ProcessingState> requiredProcessingState() {
    DeliveryParameters.Processors processors = running().parameters().processors();
    return Stream.of(processors.bounce(), processors.success(), processors.defer())
        .flatMap(Optional::stream)
        .map(ProcessingState::new)
        .toList();
  }

  @Override
  public void destroy() {
    Running current = running;
    if (current == null) {
      return;
    }
    // First: what it put into the queue now, nobody would take out before the next start.
    deferred.stop();
    current.outgoing().stop();
    factory.keepSessions();
    try {
      current.queue().close();
    } catch (IOException e) {
      LOGGER.warn("closing the outgoing queue failed: {}", e.toString());
    }
  }

  private Running running() {
    Running current = running;
    if (current == null) {
      throw new IllegalStateException("the mailet has not been initialized");
    }
    return current;
  }

  /** The addresses for log lines; James allows line ends in them. */
  static List<String> texts(Collection<MailAddress> addresses) {
    return addresses.stream().map(address -> PrintableText.ofAddress(address.asString())).toList();
  }
}
