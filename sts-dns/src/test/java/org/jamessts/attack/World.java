package org.jamessts.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.https.HttpsSettings;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyFetcher;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.PolicySettings;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.policy.TestRefreshes;
import org.jamessts.policy.WithoutPolicy;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.FailingDatabase;
import org.jamessts.store.Stores;
import org.jamessts.store.TestStores;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.SettableClock;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;

/**
 * Servers of the domain and of the attacker, a mail server's policy service and its database: all
 * real, and used by one schedule after the other.
 */
final class World implements Schedules.World {

  /** The attacker's own name, for which he has a good certificate. */
  static final String EVIL = "evil.example";

  /** How many ordinary policies the stores keep in memory. */
  static final int MEMORY = 16;

  /** How long a fetch may take; a lookup of the DNS, half as long. */
  static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final int REMEMBERED = 1_000;
  private static final String HONEST_ADDRESS = "127.0.0.1";
  private static final String EVIL_ADDRESS = "127.0.0.2";
  private static final String MUTE_ADDRESS = "127.0.0.3";
  private static final PrivateCa TRUSTED = PrivateCa.create("root");
  private static final PrivateCa UNTRUSTED = PrivateCa.create("the attacker's root");
  private static final PrivateCa.Credential EVIL_CREDENTIAL =
      TRUSTED.issue(EVIL, "mta-sts." + EVIL);

  final SettableClock clock = new SettableClock();
  final PolicyHost honest = PolicyHost.start();
  final FailingDatabase database;

  private final Guards guards;
  final PrivateDns dns = PrivateDns.start();
  private final PolicyHost evil;
  private final Path directory;
  private final Resolver resolver = resolver(0);
  private final Resolver cachingResolver = resolver(REMEMBERED);
  private final HttpsPolicyFetcher fetcher;
  private final HttpsPolicyFetcher cachingFetcher;
  private final Map<DomainName, KnownMtaStsPolicy> preloads = new ConcurrentHashMap<>();
  private final Map<Attacker.Certificate, PrivateCa.Credential> forged =
      new EnumMap<>(Attacker.Certificate.class);
  private Stores stores;
  private StsPolicyService service;
  private StsPolicyService remembering;

  World(Guards guards) {
    this.guards = guards;
    this.evil = PolicyHost.start(address(EVIL_ADDRESS), honest.port());
    this.fetcher = fetcher(resolver);
    this.cachingFetcher = fetcher(cachingResolver);
    try {
      this.directory = Files.createTempDirectory("sts-attack");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.database = new FailingDatabase(new EmbeddedDatabase(directory, clock));
    dns.a(EVIL, EVIL_ADDRESS).a("mta-sts." + EVIL, EVIL_ADDRESS);
    open();
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private Resolver resolver(int cacheEntries) {
    return new DnsJavaResolver(List.of(dns.address()), PATIENCE.dividedBy(2), cacheEntries, clock);
  }

  private HttpsPolicyFetcher fetcher(Resolver finder) {
    return new HttpsPolicyFetcher(
        finder,
        new PathBuilder(TrustAnchors.of(List.of(TRUSTED.root())), Clock.systemUTC()),
        // Certificates live in real time: schedules go through decades.
        Clock.systemUTC(),
        new HttpsSettings(honest.port(), true, PATIENCE),
        guards);
  }

  /** The mail server starts: its memory is empty. */
  private void open() {
    stores = TestStores.open(database, MEMORY, clock, guards);
    service = service(stores.policies(), 0);
    remembering = service(stores.policies(), REMEMBERED);
  }

  /** The mail server is started anew on the same database. */
  void restart() {
    service.close();
    remembering.close();
    stores.close();
    open();
  }

  /** Nothing is left of earlier schedules. */
  void reset() {
    heal();
    preloads.clear();
    forged.clear();
    try {
      database.write(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              for (String table : List.of("sts_policy", "sts_draft", "sts_draft_candidate")) {
                statement.execute("DELETE FROM " + table);
              }
            }
            return true;
          });
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    restart();
  }

  private StsPolicyService service(PolicyStore store, int remembered) {
    PolicySettings settings =
        new PolicySettings(
            Duration.ofMinutes(1),
            WithoutPolicy.DELIVER,
            WithoutPolicy.DELIVER,
            PolicySettings.Draft.ON,
            PolicySettings.FirstDraftPolicy.AUTHENTICATED,
            remembered);
    boolean cached = remembered > 0;
    PolicyFetcher chosen = cached ? cachingFetcher : fetcher;
    try {
      return new StsPolicyService(
          new PolicyParts(
              cached ? cachingResolver : resolver,
              chosen,
              store,
              stores.alarms(),
              this::preloaded,
              clock,
              guards),
          Overrides.open(Optional.empty(), stores.overrides(), clock),
          settings);
    } catch (InvalidOverrideFileException e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<KnownMtaStsPolicy> preloaded(DomainName domain, Instant now) {
    return Optional.ofNullable(preloads.get(domain)).filter(policy -> policy.holdsAt(now));
  }

  void preload(KnownMtaStsPolicy policy) {
    preloads.put(policy.domain(), policy);
  }

  /** The policy service of the mail server, in one of two configurations. */
  StsPolicyService service(boolean remembers) {
    return remembers ? remembering : service;
  }

  /** The policy service of another mail server on the same database. */
  StsPolicyService peer(LateStore store) {
    return service(store, 0);
  }

  PolicyStore policies() {
    return stores.policies();
  }

  void refresh(boolean remembers) {
    TestRefreshes.poll(service(remembers), stores.refreshes(), clock);
  }

  void tidyUp() {
    TestStores.tidyUp(stores);
  }

  /** The database works again, and the stores have noticed. */
  void heal() {
    database.fail(FailingDatabase.Failure.NONE);
    TestStores.recover(stores);
  }

  static PrivateCa.Credential credentialFor(String domain) {
    return TRUSTED.issue("mta-sts." + domain, domain);
  }

  /** What the domain publishes and the attacker lets through becomes what a mail server sees. */
  void show(Domain domain, Attacker attacker) {
    show("_mta-sts." + domain.name, attacker.txt(domain));
    show("_smtp_sts." + domain.name, attacker.draftTxt(domain));
    for (String name : List.of("mta-sts." + domain.name, domain.name)) {
      lead(name, attacker.address());
    }
    if (attacker.address() == Attacker.Address.FORGED) {
      impersonate(domain, attacker);
    }
    PolicyHostEffect nothing = PolicyHostEffect.answer("404 Not Found", "", "");
    honest.serveHost(
        "mta-sts." + domain.name,
        domain.credential,
        attacker
            .answer()
            .or(() -> domain.policy().map(policy -> PolicyHostEffect.policy(policy.text())))
            .orElse(nothing));
    Map<String, PolicyHostEffect> files = new HashMap<>();
    attacker
        .uploads()
        .forEach((path, text) -> files.put(path, PolicyHostEffect.policy(text.text())));
    for (String path : domain.draftPaths()) {
      domain.file().ifPresent(file -> files.put(path, PolicyHostEffect.policy(file.text())));
    }
    honest.serveHost(
        domain.name,
        domain.credential,
        attacker.answer().orElse(nothing),
        attacker.answer().isPresent() ? Map.of() : files);
  }

  /** The attacker's own name serves this, with a good certificate. */
  void serveAtEvil(String text) {
    evil.serveHost(EVIL, EVIL_CREDENTIAL, PolicyHostEffect.policy(text));
  }

  private void show(String name, TxtView view) {
    dns.remove(name);
    view.texts().forEach(text -> dns.txt(name, text));
    view.fault().ifPresent(fault -> dns.fault(name, "TXT", fault));
  }

  private void lead(String name, Attacker.Address where) {
    dns.remove(name);
    switch (where) {
      case HONEST -> dns.a(name, HONEST_ADDRESS);
      case FORGED -> dns.a(name, EVIL_ADDRESS);
      case BLOCKED -> dns.a(name, MUTE_ADDRESS);
      case NONE -> {}
      case FAILING ->
          dns.fault(name, "A", DnsFault.SERVFAIL).fault(name, "AAAA", DnsFault.SERVFAIL);
    }
  }

  private void impersonate(Domain domain, Attacker attacker) {
    String[] names = {"mta-sts." + domain.name, domain.name};
    PrivateCa.Credential credential =
        forged.computeIfAbsent(attacker.certificate(), kind -> forge(kind, names));
    for (String name : names) {
      evil.serveHost(name, credential, PolicyHostEffect.policy(attacker.body()));
    }
  }

  private static PrivateCa.Credential forge(Attacker.Certificate kind, String... names) {
    return switch (kind) {
      case UNTRUSTED -> UNTRUSTED.issue(names);
      case OTHER_NAME -> EVIL_CREDENTIAL;
      case EXPIRED ->
          TRUSTED.issue(
              new CertificateDraft()
                  .valid(Instant.now().minusSeconds(7200), Instant.now().minusSeconds(3600))
                  .dnsNames(names));
    };
  }

  /** The names of a domain are not asked for any more. */
  void forget(Domain domain) {
    for (String prefix : List.of("_mta-sts.", "_smtp_sts.", "mta-sts.", "")) {
      dns.remove(prefix + domain.name);
    }
  }

  @Override
  public void close() {
    service.close();
    remembering.close();
    stores.close();
    database.closeForGood();
    fetcher.close();
    cachingFetcher.close();
    honest.close();
    evil.close();
    dns.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
