package org.jamessts.delivery;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jamessts.decide.Channel;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxLookup;
import org.jamessts.explain.DnsStep;
import org.jamessts.explain.ExplainedDelivery;
import org.jamessts.explain.ExplainedDelivery.DeferredSummary;
import org.jamessts.explain.ExplainedDelivery.Outcome;
import org.jamessts.explain.ExplainedHost.Certificate;
import org.jamessts.explain.ExplainedHost.Contact;
import org.jamessts.explain.ExplainedOverride;
import org.jamessts.explain.ExplainedPolicy;
import org.jamessts.explain.ExplainedReason;
import org.jamessts.explain.ExplainedRoute;
import org.jamessts.explain.FetchStep;
import org.jamessts.explain.WatchedDns;
import org.jamessts.explain.WatchedFetcher;
import org.jamessts.guard.Guards;
import org.jamessts.metrics.StsMetrics;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.PolicyService;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.settings.StsSettings;
import org.jamessts.smtp.Envelope;
import org.jamessts.smtp.InvalidMailboxException;
import org.jamessts.smtp.MailContent;
import org.jamessts.smtp.PrintableText;
import org.jamessts.smtp.SmtpClient;
import org.jamessts.smtp.SmtpException;
import org.jamessts.smtp.SmtpTimeouts;
import org.jamessts.smtp.SocketDialer;
import org.jamessts.tls.TlsHandshaker;
import org.slf4j.helpers.NOPLogger;

/**
 * One dry run: it takes the place of the conversation in {@link MailDelivery}, and watches it. Goes
 * on one thread; {@link #explained} may be called from another before it is over.
 */
final class DryRun implements Conversation, Witness {

  private static final int MAX_HOSTS = 10;
  private static final int MAX_ADDRESSES = 10;

  /** A host that takes longer is not asked for the sake of an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final DryRuns.World world;

  /** Nothing of this is a mail. */
  private static final DeliveryMeter UNCOUNTED = new DeliveryMeter(StsMetrics.none());

  private final Sender sender;
  private final boolean connect;
  private final SessionOpening opening;
  private final Clock clock;
  private final Instant start;
  private final long startNanos = System.nanoTime();
  private final Duration limit;

  // Guarded by this object.
  private final List<DnsStep> dns = new ArrayList<>();
  private final List<FetchStep> fetches = new ArrayList<>();
  private final List<ExplainedRoute> routes = new ArrayList<>();
  private final List<HostNotes> hosts = new ArrayList<>();
  private List<ExplainedOverride> overrides = List.of();
  private Optional<ExplainedPolicy> policy = Optional.empty();
  private Optional<ExplainedDelivery.Verdict> way = Optional.empty();
  private boolean outOfTime;

  /**
   * @param connect whether hosts are contacted
   * @param limit how long it may take
   */
  DryRun(DryRuns.World world, Sender sender, boolean connect, Duration limit) {
    this.world = world;
    this.sender = sender;
    this.connect = connect;
    this.limit = limit;
    this.clock = world.policies().clock();
    this.start = clock.instant();
    this.opening = opening(sender, world, clock);
  }

  private static SessionOpening opening(Sender sender, DryRuns.World world, Clock clock) {
    DeliveryParameters.Connection connection = sender.parameters().connection();
    SmtpClient client =
        new SmtpClient(
            new SocketDialer(connection.bindIpv4(), connection.bindIpv6()),
            SmtpTimeouts.standard(
                shorter(connection.connectTimeout()),
                shorter(connection.replyTimeout().orElse(PATIENCE))),
            new TlsHandshaker(world.paths()),
            sender.greeting());
    return new SessionOpening(client, sender.parameters().access(), UNCOUNTED, clock);
  }

  private static Duration shorter(Duration time) {
    return time.compareTo(PATIENCE) < 0 ? time : PATIENCE;
  }

  /** Goes the way; its report tells only why there is none. */
  DeliveryReport goTo(DomainName domain, List<NextHop> hops) {
    PolicyParts parts =
        world
            .policies()
            .forALook(
                new WatchedDns(world.policies().resolver(), this::asked),
                new WatchedFetcher(world.policies().fetcher(), this::fetched));
    StsSettings settings = world.settings();
    Guards guards = parts.guards();
    try (StsPolicyService service =
        new StsPolicyService(parts, world.overrides(), settings.policies())) {
      MailDelivery delivery =
          new MailDelivery(
              new WatchedPolicies(service),
              new Destinations(parts.resolver(), new Random(), settings.dane(), guards),
              DeliveryFactory.requirements(settings.dane(), guards),
              DeliveryFactory.ownHosts(sender.greeting()),
              this,
              new SessionLog(UNCOUNTED, NOPLogger.NOP_LOGGER, clock),
              limits(settings.mx()),
              world.enforcement(),
              MailDelivery.lookups());
      return delivery.deliver(plainMail(domain, hops), this);
    }
  }

  private static StsSettings.Mx limits(StsSettings.Mx delivery) {
    return new StsSettings.Mx(
        delivery.allowLoopbackAddresses(),
        Math.min(delivery.maxHosts(), MAX_HOSTS),
        Math.min(delivery.maxAddresses(), MAX_ADDRESSES));
  }

  private static OutboundMail plainMail(DomainName domain, List<NextHop> hops) {
    try {
      return new OutboundMail(
          "dry run", hops, Envelope.parse("", List.of("postmaster@" + domain)), new NoContent());
    } catch (InvalidMailboxException e) {
      throw new IllegalStateException("every domain has a postmaster", e);
    }
  }

  /** There is no mail. */
  private record NoContent() implements MailContent {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      throw new IOException("a dry run sends nothing");
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public boolean eightBit() {
      return false;
    }
  }

  /** Tells what the lookup found, and takes no candidate for proven. */
  private final class WatchedPolicies implements PolicyService {
    private final PolicyService service;

    WatchedPolicies(PolicyService service) {
      this.service = service;
    }

    @Override
    public DomainPolicy lookup(DomainName policyDomain) {
      long before = System.nanoTime();
      DomainPolicy found = service.lookup(policyDomain);
      promised(found, Duration.ofNanos(System.nanoTime() - before));
      return found;
    }

    @Override
    public DomainPolicy recheck(DomainName policyDomain) {
      return service.recheck(policyDomain);
    }

    @Override
    public DomainPolicy unasked(DomainName policyDomain) {
      DomainPolicy found = service.unasked(policyDomain);
      promised(found, Duration.ZERO);
      return found;
    }

    @Override
    public void confirm(KnownDraftPolicy candidate) {}
  }

  private synchronized void asked(DnsStep step) {
    dns.add(step);
  }

  private synchronized void fetched(FetchStep step) {
    fetches.add(step);
  }

  private synchronized void promised(DomainPolicy found, Duration took) {
    policy = Optional.of(ExplainedPolicy.of(found.published(), start, clock.instant(), took));
    overrides = found.overrides().stream().map(ExplainedOverride::of).toList();
  }

  @Override
  public synchronized void routed(NextHop hop, MxLookup route) {
    routes.add(ExplainedRoute.of(hop.policyDomain().value(), hop.port(), route));
  }

  @Override
  public synchronized void considered(Target target, Need need) {
    hosts.add(new HostNotes(target, need));
  }

  @Override
  public synchronized void noted(Reason why) {
    if (!hosts.isEmpty()) {
      current().obstacle(why);
    }
  }

  private HostNotes current() {
    return hosts.get(hosts.size() - 1);
  }

  private synchronized void contacted(Contact contact) {
    current().contact(contact);
  }

  /** The first host that would get the mail is the one that would. */
  private synchronized void goes(Outcome outcome, Need need, String how) {
    if (way.isEmpty()) {
      way =
          Optional.of(
              new ExplainedDelivery.Verdict(
                  outcome,
                  Optional.of(need.host().value()),
                  how,
                  Optional.empty(),
                  Optional.empty()));
    }
  }

  @Override
  public void hold(InetSocketAddress peer, Need need, MailContent content, Attempt attempt) {
    if (!connect) {
      contacted(Contact.notTried(peer.getAddress(), peer.getPort(), ""));
      goes(Outcome.TRIED, need, need.requirement().describe());
    } else if (isAsked()) {
      contacted(
          Contact.notTried(peer.getAddress(), peer.getPort(), "another address has answered"));
    } else if (isOutOfTime()) {
      contacted(Contact.notTried(peer.getAddress(), peer.getPort(), "no time is left"));
    } else {
      ask(peer, need, attempt);
    }
  }

  @Override
  public boolean needsProof() {
    return opening.access().needsProof();
  }

  private synchronized boolean isAsked() {
    return current().isAnswered();
  }

  /** So late that a host that does not answer would outlast the run. */
  private synchronized boolean isOutOfTime() {
    outOfTime |= elapsed().plus(PATIENCE).compareTo(limit) > 0;
    return outOfTime;
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private void ask(InetSocketAddress peer, Need need, Attempt attempt) {
    long before = System.nanoTime();
    try (HostSession session = opening.open(peer, need.serverName())) {
      judge(peer, need, session.channel(), before, attempt);
    } catch (SmtpException e) {
      attempt.note(why(need, e).orElseGet(() -> Attempt.reasonOf(need.host(), e)));
      contacted(contact(peer, "failed", String.valueOf(e.getMessage()), before));
    }
  }

  /** Where TLS comes first and fails, a promise may be broken, too. */
  private Optional<Reason> why(Need need, SmtpException failure) {
    if (failure.kind() != SmtpException.Kind.TLS_HANDSHAKE) {
      return Optional.empty();
    }
    Channel none = new Channel.HandshakeFailed(String.valueOf(failure.getMessage()));
    Verdict verdict = need.requirement().judge(need.host(), none, clock.instant());
    return verdict instanceof Verdict.NextHost refused
        ? Optional.of(Reason.of(refused, need))
        : Optional.of(Reason.tlsFirstFailed(need.host(), failure));
  }

  private static Contact contact(
      InetSocketAddress peer, String outcome, String detail, long before) {
    return new Contact(
        peer.getAddress().getHostAddress(),
        peer.getPort(),
        outcome,
        "",
        List.of(),
        List.of(),
        List.of(),
        PrintableText.of(detail, 500),
        millisSince(before));
  }

  private static long millisSince(long before) {
    return Duration.ofNanos(System.nanoTime() - before).toMillis();
  }

  private void judge(
      InetSocketAddress peer, Need need, Channel channel, long before, Attempt attempt) {
    Instant now = clock.instant();
    Judgement judgement = Judgement.of(need, channel, now);
    Optional<Reason> refusal =
        judgement.verdict() instanceof Verdict.NextHost refused
            ? Optional.of(Reason.of(refused, need))
            : opening.access().refusal(channel, need, now);
    String described = describe(channel, judgement.verified());
    contacted(
        new Contact(
            peer.getAddress().getHostAddress(),
            peer.getPort(),
            refusal.isPresent() ? "refused" : "would-send",
            described,
            channel instanceof Channel.Encrypted encrypted
                ? Certificate.of(encrypted.facts().certificate().chain())
                : List.of(),
            webPkiFaults(need, channel, now),
            HostNotes.checks(need, asked -> asked.judge(need.host(), channel, now)),
            "",
            millisSince(before)));
    refusal.ifPresent(attempt::note);
    if (refusal.isEmpty()) {
      goes(Outcome.DELIVERED, need, described + ", under: " + need.requirement().describe());
    }
  }

  private static List<String> webPkiFaults(Need need, Channel channel, Instant now) {
    return channel instanceof Channel.Encrypted encrypted
        ? Certificate.webPkiFaults(encrypted.facts().certificate(), need.host(), now)
        : List.of();
  }

  private static String describe(Channel channel, boolean verified) {
    if (channel instanceof Channel.Encrypted encrypted) {
      return encrypted.facts().protocol()
          + " "
          + encrypted.facts().cipherSuite()
          + (verified ? " verified" : " unverified");
    }
    if (channel instanceof Channel.Refused refused) {
      return "clear text (STARTTLS refused: " + refused.reply() + ")";
    }
    return channel instanceof Channel.HandshakeFailed failed
        ? "clear text (TLS failed: " + failed.detail() + ")"
        : "clear text (STARTTLS not offered)";
  }

  /** Nothing is kept open. */
  @Override
  public void close() {}

  /**
   * What is known.
   *
   * @param report how the run ended; empty when it did not in time
   * @param deferred mail that waits
   */
  synchronized ExplainedDelivery explained(
      DomainName domain, Optional<DeliveryReport> report, Optional<DeferredSummary> deferred) {
    return new ExplainedDelivery(
        domain.value(),
        start.toString(),
        elapsed().toMillis(),
        connect,
        world.enforcement().get().keyword(),
        way.orElseGet(() -> withoutWay(report)),
        overrides,
        policy,
        List.copyOf(routes),
        hosts.stream().map(HostNotes::explained).toList(),
        List.copyOf(dns),
        List.copyOf(fetches),
        deferred);
  }

  private ExplainedDelivery.Verdict withoutWay(Optional<DeliveryReport> report) {
    Optional<Reason> waits =
        report.stream()
            .flatMap(ended -> ended.deferred().stream())
            .map(RecipientOutcome.Deferred::reason)
            .findFirst();
    Optional<Reason> fails =
        report.stream()
            .flatMap(ended -> ended.bounced().stream())
            .map(RecipientOutcome.Bounced::reason)
            .findFirst();
    Outcome outcome =
        fails.isPresent()
            ? Outcome.BOUNCED
            : waits.isPresent() && !outOfTime ? Outcome.DEFERRED : Outcome.UNKNOWN;
    Optional<Reason> why = fails.or(() -> waits);
    return new ExplainedDelivery.Verdict(
        outcome,
        Optional.empty(),
        "",
        fails.map(Reason::ultimate).or(() -> waits.map(Reason::queued)),
        why.map(reason -> ExplainedReason.of(reason.why())));
  }
}
