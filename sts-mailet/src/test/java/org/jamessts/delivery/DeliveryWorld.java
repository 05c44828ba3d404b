package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.allOf;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.Dnssec;
import org.jamessts.dns.DnssecAnchors;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidAnchorsException;
import org.jamessts.dns.Resolver;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementChange;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.engine.Lanes;
import org.jamessts.engine.Turnstile;
import org.jamessts.guard.Guards;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.https.HttpsSettings;
import org.jamessts.metrics.StsMetrics;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.policy.AlarmLog;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyChanges;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.PolicyService;
import org.jamessts.policy.PolicySettings;
import org.jamessts.policy.Preloads;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.retry.DeferredMails;
import org.jamessts.settings.StsSettings;
import org.jamessts.smtp.Envelope;
import org.jamessts.smtp.InvalidMailboxException;
import org.jamessts.smtp.MailContent;
import org.jamessts.smtp.SmtpClient;
import org.jamessts.smtp.SmtpTimeouts;
import org.jamessts.smtp.SocketDialer;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.TemporaryStores;
import org.jamessts.tls.TlsHandshaker;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.SessionRecorder;
import org.jamessts.tlsrpt.collect.RecordedSessions;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;
import org.jspecify.annotations.Nullable;

/** The whole engine, built as James would build it, on a private Internet. */
final class DeliveryWorld implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(5);
  static final String BODY = "Subject: test\r\n\r\nHello.\r\n.\r\n";

  final PrivateInternet internet = new PrivateInternet();
  final RecordedSessions sessions = new RecordedSessions();
  final Clock clock = Clock.systemUTC();
  final Resolver resolver;
  private final PathBuilder paths =
      new PathBuilder(TrustAnchors.of(List.of(internet.ca().root())), clock);
  private final HttpsPolicyFetcher fetcher;
  final Overrides overrides;
  private final TemporaryStores stores = new TemporaryStores(1000, clock);
  final StsPolicyService policies;

  /** Which guards of DNSSEC and DANE stand. */
  volatile Guards guards = Guards.ALL;

  /** How many mails are worked at once, by mailets started from then on. */
  volatile Lanes.Limits lanes = StsSettings.LANES;

  volatile Turnstile lookups = MailDelivery.lookups();

  /** How long sessions are kept, for deliveries made from then on. */
  volatile StsSettings.Reuse reuse = StsSettings.Reuse.DEFAULT;

  /** Who is told of sessions, by deliveries and mailets made from then on. */
  volatile SessionRecorder recorder = sessions;

  /** Whether hosts are told, by deliveries made from then on without a mailet. */
  volatile boolean toHosts;

  /** Whether he is told what hosts showed. */
  volatile boolean forensicDetails;

  /** What becomes of what domains publish, in deliveries without a mailet. */
  volatile Supplier<Enforcement> enforcement = () -> Enforcement.ENFORCE;

  /** The switch of the mailet that was started last. */
  volatile @Nullable EnforcementSwitch ordered;

  /** Who is told of other policies. */
  volatile PolicyChanges changes = PolicyChanges.UNHEARD;

  /** The domain for which the mailet's policy lookups throw. */
  volatile String brokenDomain = "";

  /** A world whose resolver keeps nothing. */
  DeliveryWorld() {
    this(0);
  }

  /**
   * @param dnsCacheEntries how many answers the resolver keeps by their TTL
   */
  DeliveryWorld(int dnsCacheEntries) {
    this(dnsCacheEntries, patient(dnsCacheEntries));
  }

  /** A world whose resolver keeps nothing, with other settings of the policy service. */
  DeliveryWorld(PolicySettings settings) {
    this(0, settings);
  }

  private DeliveryWorld(int dnsCacheEntries, PolicySettings settings) {
    resolver = resolver(dnsCacheEntries);
    fetcher = new HttpsPolicyFetcher(resolver, paths, clock, https(), Guards.ALL);
    try {
      overrides = Overrides.open(Optional.empty(), stores.stores().overrides(), clock);
    } catch (InvalidOverrideFileException e) {
      throw new IllegalStateException(e);
    }
    policies = policies(settings);
  }

  /** The one of production: it proves what it hears, from the root of this Internet on. */
  private Resolver resolver(int cacheEntries) {
    return new DnsJavaResolver(
        List.of(internet.dns().address()),
        new DnsJavaResolver.Settings(Duration.ofSeconds(5), cacheEntries, dnssec()),
        clock,
        guard -> guards.stand(guard));
  }

  private Dnssec dnssec() {
    try {
      return new Dnssec(
          Dnssec.Mode.VALIDATE,
          Dnssec.OnUnable.DEFER,
          DnssecAnchors.parse(internet.dns().trustAnchor()));
    } catch (InvalidAnchorsException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PolicySettings patient(int remembered) {
    PolicySettings standard = PolicySettings.DEFAULT;
    return new PolicySettings(
        Duration.ofSeconds(30),
        standard.onSlowLookup(),
        standard.onDnsFailure(),
        standard.draft(),
        standard.firstDraftPolicy(),
        remembered);
  }

  private StsPolicyService policies(PolicySettings settings) {
    return new StsPolicyService(parts(), overrides, settings, domain -> changes.changed(domain));
  }

  private PolicyParts parts() {
    return new PolicyParts(
        resolver,
        fetcher,
        stores.stores().policies(),
        stores.stores().alarms(),
        Preloads.NONE,
        clock,
        Guards.ALL);
  }

  /** What became less. */
  AlarmLog alarms() {
    return stores.stores().alarms();
  }

  /**
   * Dry runs as a mailet would deliver.
   *
   * @param limit how long one may take
   * @param parameters of the mailet, besides the port, each {@code name=value}
   */
  DryRuns dryRuns(Duration limit, String... parameters) {
    Map<String, String> values = new HashMap<>();
    values.put("port", Integer.toString(internet.smtpPort()));
    for (String parameter : parameters) {
      int equals = parameter.indexOf('=');
      values.put(parameter.substring(0, equals), parameter.substring(equals + 1));
    }
    Sender sender = new Sender(DeliveryParameters.parse(values), "ours.test");
    return new DryRuns(
        new DryRuns.World(
            parts(), overrides, deferrals(), paths, settings(), () -> Enforcement.ENFORCE),
        () -> sender,
        limit);
  }

  /** Where deferred mail waits. */
  DeferralStore deferrals() {
    return stores.stores().deferrals();
  }

  /** From now on nothing is kept. */
  void closeStores() {
    stores.stores().close();
  }

  private HttpsSettings https() {
    return new HttpsSettings(internet.policyPort(), true, Duration.ofSeconds(10));
  }

  /** The parts from which the mailet builds its engine. */
  DeliveryFactory factory(DomainList domains, DeferredMails deferred, MetricFactory metrics) {
    return new DeliveryFactory(
        new UnsteadyPolicies(),
        destinations(StsSettings.Dane.DEFAULT),
        paths,
        recorder,
        settings(),
        deferred,
        signals(deferred, metrics),
        new DeliveryFactory.James(domains, metrics, clock));
  }

  private StsSettings settings() {
    return new StsSettings(
        new StsSettings.Dns(List.of(), dnssec()),
        TrustAnchors.of(List.of(internet.ca().root())),
        https(),
        PolicySettings.DEFAULT,
        new StsSettings.Files(Path.of("unused"), Optional.empty(), Optional.empty()),
        new StsSettings.Store(Path.of("unused"), Optional.empty()),
        new StsSettings.Mx(true, 10, 20),
        StsSettings.Dane.DEFAULT,
        lanes,
        reuse,
        reports(),
        Enforcement.ENFORCE,
        StsSettings.SHUTDOWN_GRACE);
  }

  private StsSettings.Reports reports() {
    return StsSettings.parse(
            Map.of("reports.forensicDetails", Boolean.toString(forensicDetails)), Path.of("unused"))
        .reports();
  }

  private DeliveryFactory.Signals signals(DeferredMails deferred, MetricFactory metrics) {
    StsMetrics counting = new StsMetrics(metrics, new NoopGaugeRegistry());
    return new DeliveryFactory.Signals(
        enforcementSwitch(deferred), counting, new RunningQueues(counting));
  }

  private EnforcementSwitch enforcementSwitch(DeferredMails deferred) {
    EnforcementSwitch opened =
        EnforcementSwitch.open(
            Enforcement.ENFORCE,
            stores.stores().enforcement(),
            stores.directory().resolve("enforcement.copy"),
            clock,
            deferred::enforcementLowered);
    ordered = opened;
    return opened;
  }

  /** As webadmin does. */
  void order(Enforcement mode) {
    assertThat(Objects.requireNonNull(ordered).order(mode, Optional.empty(), "a test", "alice"))
        .isInstanceOf(EnforcementChange.Done.class);
  }

  private Destinations destinations(StsSettings.Dane dane) {
    return new Destinations(resolver, new Random(1), dane, guards);
  }

  MailDelivery delivery() {
    return delivery(StsSettings.Dane.DEFAULT);
  }

  MailDelivery delivery(StsSettings.Dane dane) {
    return delivery(
        new StsSettings.Mx(true, 10, 20),
        new OwnHosts(Set.of(new DomainName("ours.test")), Set.of()),
        dane);
  }

  MailDelivery delivery(StsSettings.Mx limits, OwnHosts ownHosts) {
    return delivery(limits, ownHosts, StsSettings.Dane.DEFAULT);
  }

  private MailDelivery delivery(StsSettings.Mx limits, OwnHosts ownHosts, StsSettings.Dane dane) {
    return delivery(limits, ownHosts, dane, HostAccess.USUAL, PATIENCE);
  }

  /** An engine that waits so long for each reply, but twice as long for the last one. */
  MailDelivery delivery(HostAccess access, Duration patience) {
    return delivery(
        new StsSettings.Mx(true, 10, 20),
        new OwnHosts(Set.of(new DomainName("ours.test")), Set.of()),
        StsSettings.Dane.DEFAULT,
        access,
        patience);
  }

  private MailDelivery delivery(
      StsSettings.Mx limits,
      OwnHosts ownHosts,
      StsSettings.Dane dane,
      HostAccess access,
      Duration patience) {
    SessionLog log =
        new SessionLog(recorder, TestEngine.unread(), clock, toHosts, address -> forensicDetails);
    SmtpClient client =
        new SmtpClient(
            SocketDialer.unbound(),
            SmtpTimeouts.standard(PATIENCE, patience),
            new TlsHandshaker(paths),
            "ours.test");
    return new MailDelivery(
        policies,
        destinations(dane),
        DeliveryFactory.requirements(dane, guards),
        ownHosts,
        new HostConversation(client, access, policies, log, reuse, clock),
        log,
        limits,
        () -> enforcement.get(),
        lookups);
  }

  /** A mail from alice to bob, and to others, at a domain. */
  OutboundMail mailTo(String domain, String... others) {
    try {
      List<String> recipients = new ArrayList<>(List.of("bob@" + domain));
      for (String other : others) {
        recipients.add(other + "@" + domain);
      }
      return new OutboundMail(
          "mail-1",
          List.of(new NextHop.MailDomain(new DomainName(domain), internet.smtpPort())),
          Envelope.parse("alice@ours.test", recipients),
          new TextContent(BODY));
    } catch (InvalidMailboxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The policies that are kept. */
  Collection<KnownPolicy> kept() {
    return allOf(stores.stores().policies());
  }

  /** What was recorded for a domain today. */
  List<PolicySummary> recorded(String domain) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return sessions.of(today, new DomainName(domain));
  }

  static InetAddress address(int a, int b, int c, int d) {
    try {
      return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The policy service, of which the lookup for one domain breaks as nothing ever should. */
  private final class UnsteadyPolicies implements PolicyService {
    @Override
    public DomainPolicy lookup(DomainName policyDomain) {
      if (policyDomain.value().equals(brokenDomain)) {
        throw new IllegalStateException("a bug");
      }
      return policies.lookup(policyDomain);
    }

    @Override
    public DomainPolicy unasked(DomainName policyDomain) {
      return policies.unasked(policyDomain);
    }

    @Override
    public DomainPolicy recheck(DomainName policyDomain) {
      return policies.recheck(policyDomain);
    }

    @Override
    public void confirm(KnownDraftPolicy candidate) {
      policies.confirm(candidate);
    }
  }

  @Override
  public void close() {
    policies.close();
    fetcher.close();
    stores.close();
    internet.close();
  }

  /** Seven-bit content. */
  record TextContent(String text) implements MailContent {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public long size() {
      return text.length();
    }

    @Override
    public boolean eightBit() {
      return false;
    }
  }

  /** One recipient waits, for one reason. */
  static void assertDeferred(DeliveryReport report, String code, String... words) {
    assertThat(report.deferred())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.reason().queued()).isEqualTo(code);
              assertThat(outcome.reason().explanation()).contains(words);
            });
  }
}
