package org.jamessts.delivery;

import com.google.inject.Inject;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.transport.mailets.remote.delivery.HeloNameProvider;
import org.apache.mailet.MailetContext;
import org.jamessts.dane.DaneCertificates;
import org.jamessts.decide.HostRequirements;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.engine.Turnstile;
import org.jamessts.guard.Guards;
import org.jamessts.metrics.StsMetrics;
import org.jamessts.policy.PolicyService;
import org.jamessts.retry.DeferredMails;
import org.jamessts.settings.StsSettings;
import org.jamessts.smtp.SmtpClient;
import org.jamessts.smtp.SmtpTimeouts;
import org.jamessts.smtp.SocketDialer;
import org.jamessts.tls.TlsHandshaker;
import org.jamessts.tlsrpt.SessionRecorder;
import org.jamessts.x509.PathBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the engine of one mailet from its parameters and the shared services. */
public final class DeliveryFactory {

  private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryFactory.class);

  /** What a domain and its hosts are found out with, and where sessions are recorded. */
  private final PolicyService policies;

  private final Destinations destinations;
  private final PathBuilder paths;
  private final SessionRecorder recorder;
  private final StsSettings settings;
  private final DeferredMails deferred;
  private final Signals signals;
  private final James james;
  private final Turnstile lookups = MailDelivery.lookups();
  private volatile Optional<Sender> first = Optional.empty();

  /**
   * What James provides.
   *
   * @param domains knows the default domain, which is how we greet unless told otherwise
   * @param metrics counts
   * @param clock tells the time
   */
  public record James(DomainList domains, MetricFactory metrics, Clock clock) {
    /** Called by Guice. */
    @Inject
    public James {}

    /** How this server greets: in A-labels, where its name is one. */
    String greeting(Optional<String> heloName) {
      String name = new HeloNameProvider(heloName.orElse(null), domains).getHeloName();
      return ownName(name).map(DomainName::value).orElse(name);
    }
  }

  /**
   * What the operator says to the engine, and it to him.
   *
   * @param enforcement what becomes of what domains publish
   * @param metrics counts
   * @param queues shows how busy they are
   */
  public record Signals(EnforcementSwitch enforcement, StsMetrics metrics, RunningQueues queues) {
    /** Called by Guice. */
    @Inject
    public Signals {}
  }

  /** Called by Guice. */
  @Inject
  public DeliveryFactory(
      PolicyService policies,
      Destinations destinations,
      PathBuilder paths,
      SessionRecorder recorder,
      StsSettings settings,
      DeferredMails deferred,
      Signals signals,
      James james) {
    this.policies = policies;
    this.destinations = destinations;
    this.paths = paths;
    this.recorder = recorder;
    this.settings = settings;
    this.deferred = deferred;
    this.signals = signals;
    this.james = james;
  }

  /** The last conversation has ended, as far as anybody waits for it. */
  void keepSessions() {
    recorder.keep();
  }

  OutgoingQueue create(DeliveryParameters parameters, MailQueue queue, MailetContext context) {
    DeliveryParameters.Connection connection = parameters.connection();
    String name = james.greeting(connection.heloName());
    Sender sender = new Sender(parameters, name);
    first = first.or(() -> Optional.of(sender));
    SmtpClient client =
        new SmtpClient(
            new SocketDialer(connection.bindIpv4(), connection.bindIpv6()),
            connection
                .replyTimeout()
                .map(reply -> SmtpTimeouts.standard(connection.connectTimeout(), reply))
                .orElseGet(() -> SmtpTimeouts.rfc5321(connection.connectTimeout())),
            new TlsHandshaker(paths),
            name);
    DeliveryMeter meter = new DeliveryMeter(signals.metrics());
    SessionLog sessions =
        new SessionLog(
            recorder, meter, james.clock(), settings.reports().toHosts(), settings::isToldInDetail);
    MailDelivery delivery =
        new MailDelivery(
            policies,
            destinations,
            requirements(settings.dane(), Guards.ALL),
            ownHosts(name),
            new HostConversation(
                client, parameters.access(), policies, sessions, settings.reuse(), james.clock()),
            sessions,
            settings.mx(),
            signals.enforcement(),
            lookups);
    StatusNotifier notifier = new StatusNotifier(context, name, james.clock());
    Aftermath aftermath =
        new Aftermath(
            parameters,
            context,
            james.metrics().generate("outgoingMails"),
            meter,
            new Bounces(parameters.processors().bounce(), context, notifier, james.clock()),
            new Notices(notifier, james.clock()),
            new Deferral(parameters, queue, context, deferred, james.clock()));
    Patience patience = new Patience(parameters.retries(), parameters.age(), james.clock());
    OutgoingQueue outgoing =
        new OutgoingQueue(
            queue,
            new MailProcessing(delivery, parameters, patience, aftermath),
            deferred,
            settings.lanes(),
            james.metrics(),
            james.clock(),
            settings.shutdownGrace());
    signals.queues().add(outgoing);
    return outgoing;
  }

  /** As the first mailet that was made appears to hosts; before, as one without parameters. */
  Sender sender() {
    return first.orElseGet(
        () -> new Sender(DeliveryParameters.parse(Map.of()), james.greeting(Optional.empty())));
  }

  /** How many mails may be taken from the queue and not be done yet. */
  int mailsAtOnce() {
    return settings.lanes().all() + settings.lanes().window();
  }

  /** The moment at which a mail arrives. */
  Instant now() {
    return james.clock().instant();
  }

  static HostRequirements requirements(StsSettings.Dane dane, Guards guards) {
    return new HostRequirements(
        new DaneCertificates(dane.commonNames(), guards),
        dane.withMtaSts() == StsSettings.WithMtaSts.DANE_ALONE,
        guards);
  }

  /** Of James's default domain, which may have U-labels, or be no name at all. */
  private static Optional<DomainName> ownName(String heloName) {
    try {
      return Optional.of(DomainName.parseInternational(heloName));
    } catch (InvalidDomainNameException e) {
      return Optional.empty();
    }
  }

  static OwnHosts ownHosts(String greeting) {
    Optional<DomainName> name = ownName(greeting);
    Set<InetAddress> addresses = new HashSet<>();
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .forEach(addresses::add);
    } catch (SocketException e) {
      LOGGER.warn("this machine's addresses cannot be listed: {}", e.toString());
    }
    return new OwnHosts(name.map(Set::of).orElse(Set.of()), addresses);
  }
}
