package org.jamessts.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamessts.dane.DigestAgility;
import org.jamessts.dns.AddressKind;
import org.jamessts.dns.DnsServers;
import org.jamessts.dns.Dnssec;
import org.jamessts.dns.DnssecAnchors;
import org.jamessts.dns.InvalidAnchorsException;
import org.jamessts.dns.InvalidDnsServersException;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.engine.Lanes;
import org.jamessts.https.HttpsSettings;
import org.jamessts.policy.PolicySettings;
import org.jamessts.store.PostgresServer;
import org.jamessts.tlsrpt.ReportTimes;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.discover.ReportEndpoint;
import org.jamessts.tlsrpt.document.Reporter;
import org.jamessts.tlsrpt.send.SendSettings;
import org.jamessts.x509.TrustAnchors;

/**
 * The settings of {@code conf/sts.properties}.
 *
 * @param dns whom to ask, and who proves the answers
 * @param trustAnchors the roots to trust, for policy hosts and MX hosts
 * @param https how policies are fetched
 * @param policies how policies are looked up
 * @param files what the operator says of domains
 * @param store where policies survive a restart
 * @param mx which MX hosts are tried
 * @param dane how DANE is used
 * @param lanes how many mails are worked at once
 * @param reuse how long sessions are kept for further mails
 * @param reports how sessions are counted and reported
 * @param enforcement what becomes of what domains publish, unless the operator orders otherwise
 * @param shutdownGrace how long open conversations may go on when James stops
 */
public record StsSettings(
    Dns dns,
    TrustAnchors trustAnchors,
    HttpsSettings https,
    PolicySettings policies,
    Files files,
    Store store,
    Mx mx,
    Dane dane,
    Lanes.Limits lanes,
    Reuse reuse,
    Reports reports,
    Enforcement enforcement,
    Duration shutdownGrace) {

  /**
   * Whether reports may tell what a host showed, as {@code reports.forensicDetails} has it. Not of
   * hosts in networks of one's own: whoever publishes a policy may name one of them as his, and
   * would be told what he cannot see himself.
   *
   * @param address of the host
   */
  public boolean isToldInDetail(InetAddress address) {
    return reports.sending().forensicDetails()
        && (https.allowPrivateAddresses() || AddressKind.of(address).isGlobal());
  }

  /** The file's name, for messages. */
  public static final String FILE = "sts.properties";

  /** What is granted to conversations when nothing is set. */
  public static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(30);

  private static final Pattern CREDENTIALS = Pattern.compile("(?i)[?&](user|password)=|//[^/?]*@");

  /**
   * Which MX hosts are tried.
   *
   * @param allowLoopbackAddresses whether loopback, link-local and the like may receive mail
   * @param maxHosts how many hosts one attempt tries
   * @param maxAddresses how many addresses one attempt tries, of all hosts together
   */
  public record Mx(boolean allowLoopbackAddresses, int maxHosts, int maxAddresses) {}

  /** Whether something is used at all. */
  public enum Use {
    ON,
    OFF
  }

  /** What is made of a host to which MX records lead that DNSSEC does not prove. */
  public enum InsecureMx {
    /** Its TLSA records are not looked up. */
    OPPORTUNISTIC,
    /** It must match its TLSA records (RFC 7672 §2.2.1): this protects from listeners alone. */
    AUTHENTICATE
  }

  /** What holds where a host has usable TLSA records and the domain has an STS policy. */
  public enum WithMtaSts {
    /** Both. */
    BOTH,
    /** The records. */
    DANE_ALONE
  }

  /**
   * How DANE is used (RFC 7672).
   *
   * @param use whether it is
   * @param insecureMx what of hosts to which nothing proves the way
   * @param withMtaSts what of a domain that has an STS policy too
   * @param commonNames whether, in a certificate without alternative names, the common name counts
   * @param digests which digests are believed, and which rather than others
   */
  public record Dane(
      Use use,
      InsecureMx insecureMx,
      WithMtaSts withMtaSts,
      boolean commonNames,
      DigestAgility digests) {

    /** What holds when nothing is set. */
    public static final Dane DEFAULT =
        new Dane(Use.ON, InsecureMx.OPPORTUNISTIC, WithMtaSts.BOTH, false, DigestAgility.STANDARD);

    /** The same with TLSA records looked up. */
    public Dane switchedOn() {
      return new Dane(Use.ON, insecureMx, withMtaSts, commonNames, digests);
    }

    /** Whether TLSA records are looked up. */
    public boolean isOn() {
      return use == Use.ON;
    }
  }

  /** How many mails are worked at once when nothing is set. */
  public static final Lanes.Limits LANES = new Lanes.Limits(20, 1_000, 1_000);

  /**
   * How long sessions are kept for further mails.
   *
   * @param maxMails how many mails one carries
   * @param maxAge how old it may be when it gets another
   * @param idle how long it waits for another
   */
  public record Reuse(int maxMails, Duration maxAge, Duration idle) {

    /** What holds when nothing is set. */
    public static final Reuse DEFAULT =
        new Reuse(100, Duration.ofSeconds(300), Duration.ofSeconds(5));
  }

  /**
   * Where policies survive a restart.
   *
   * @param directory of the embedded database
   * @param server to be used in its place
   */
  public record Store(Path directory, Optional<PostgresServer> server) {}

  /**
   * How sessions are counted and reported (RFC 8460).
   *
   * @param reporter who reports; none where no reports are sent
   * @param processor where mails with reports begin, which signs them
   * @param times when reports are sent
   * @param counting of sessions, which are counted in any case
   * @param toHosts whether those who run a host with TLSA records are told of its sessions too,
   *     under their own name (RFC 8460 §3)
   * @param sending of reports
   */
  public record Reports(
      Optional<Reporter> reporter,
      String processor,
      ReportTimes times,
      SessionCollector.Settings counting,
      boolean toHosts,
      SendSettings sending) {

    /** What holds when nothing is set. */
    public static final Reports DEFAULT =
        new Reports(
            Optional.empty(),
            "reports",
            times(Duration.ofSeconds(5), Duration.ofHours(4)),
            new SessionCollector.Settings(
                Duration.ofSeconds(5), Duration.ofDays(7), SessionLimits.DEFAULT),
            false,
            SendSettings.DEFAULT);

    /** Every server has added its last sessions of a day after two of its intervals. */
    static ReportTimes times(Duration flushInterval, Duration spread) {
      return new ReportTimes(flushInterval.multipliedBy(2).plusMinutes(1), spread);
    }
  }

  /**
   * What the operator says of domains, beside what they publish.
   *
   * @param overrides a file that need not exist
   * @param preloadList policies that count as seen before
   * @param preloadPublicKey with which the list must be signed
   */
  public record Files(
      Path overrides, Optional<Path> preloadList, Optional<Path> preloadPublicKey) {}

  /**
   * Whom to ask, and who proves the answers.
   *
   * @param servers empty for those of {@code dnsservice.xml}
   * @param dnssec whose word counts for what is proven
   */
  public record Dns(List<InetSocketAddress> servers, Dnssec dnssec) {
    public Dns {
      servers = List.copyOf(servers);
    }
  }

  /**
   * Reads the settings.
   *
   * @param values key to text; empty for all defaults
   * @param baseDirectory against which relative file names are resolved
   * @throws InvalidSettingException for an unknown key, an impossible value or an unreadable file
   */
  public static StsSettings parse(Map<String, String> values, Path baseDirectory) {
    SettingsReader reader = new SettingsReader(FILE, values);
    StsSettings settings =
        new StsSettings(
            dns(reader, baseDirectory),
            trustAnchors(reader, baseDirectory),
            https(reader),
            policies(reader),
            files(reader, baseDirectory),
            store(reader, baseDirectory),
            new Mx(
                reader.flag("mx.allowLoopbackAddresses", false),
                reader.integer("mx.maxHosts", 10, 1, 100),
                reader.integer("mx.maxAddresses", 20, 1, 1_000)),
            dane(reader),
            new Lanes.Limits(
                reader.integer("lanes.connections", LANES.perLane(), 1, 1_000),
                reader.integer("lanes.allConnections", LANES.all(), 1, 50_000),
                reader.integer("lanes.window", LANES.window(), 10, 100_000)),
            reuse(reader),
            reports(reader),
            reader.choice("enforcement", Enforcement.ENFORCE),
            reader.duration(
                "shutdownGrace", SHUTDOWN_GRACE, Duration.ZERO, Duration.ofMinutes(10)));
    reader.refuseUnknown();
    return settings;
  }

  private static Dane dane(SettingsReader reader) {
    Dane standard = Dane.DEFAULT;
    return new Dane(
        reader.choice("dane", standard.use()),
        reader.choice("dane.insecureMx", standard.insecureMx()),
        reader.choice("dane.withMtaSts", standard.withMtaSts()),
        reader.flag("dane.commonNames", standard.commonNames()),
        new DigestAgility(reader.choices("dane.digests", standard.digests().strongestFirst())));
  }

  private static Reuse reuse(SettingsReader reader) {
    Reuse standard = Reuse.DEFAULT;
    return new Reuse(
        reader.integer("reuse.maxMails", standard.maxMails(), 1, 100_000),
        reader.duration(
            "reuse.maxAge", standard.maxAge(), Duration.ofSeconds(1), Duration.ofHours(1)),
        reader.duration("reuse.idle", standard.idle(), Duration.ZERO, Duration.ofMinutes(5)));
  }

  private static Reports reports(SettingsReader reader) {
    Reports standard = Reports.DEFAULT;
    Duration flushInterval =
        reader.duration(
            "reports.flushInterval",
            standard.counting().flushInterval(),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5));
    Duration spread =
        reader.duration(
            "reports.spread", standard.times().spread(), Duration.ZERO, Duration.ofHours(12));
    SendSettings sending = standard.sending();
    return new Reports(
        reporter(reader),
        reader.text("reports.processor").orElse(standard.processor()),
        Reports.times(flushInterval, spread),
        new SessionCollector.Settings(
            flushInterval,
            reader.duration(
                "reports.retention",
                standard.counting().retention(),
                Duration.ofDays(2),
                Duration.ofDays(90)),
            standard.counting().limits()),
        reader.flag("reports.toHosts", standard.toHosts()),
        new SendSettings(
            reader.integer("reports.atOnce", sending.atOnce(), 1, 1_000),
            sending.lease(),
            sending.firstRetry(),
            sending.giveUpAfter(),
            sending.stopGrace(),
            reader.flag("reports.forensicDetails", sending.forensicDetails())));
  }

  /** Nobody reports by accident: who it is and whom to ask has to be said (RFC 8460 §4.4). */
  private static Optional<Reporter> reporter(SettingsReader reader) {
    Optional<String> organization = reader.text("reports.organization");
    Optional<String> contact = reader.text("reports.contact");
    Optional<ReportEndpoint.Mailbox> mailbox = contact.flatMap(ReportEndpoint.Mailbox::parse);
    if (contact.isPresent() && mailbox.isEmpty()) {
      throw reader.invalid("reports.contact", "a mail address such as tls-reports@example.org");
    }
    boolean complete = organization.isPresent() && mailbox.isPresent();
    boolean enabled = reader.flag("reports.enabled", complete);
    if (enabled && !complete) {
      throw reader.invalid(
          "reports.enabled", "true only where reports.organization and reports.contact are set");
    }
    return enabled
        ? organization.flatMap(name -> mailbox.map(box -> new Reporter(name, box)))
        : Optional.empty();
  }

  private static HttpsSettings https(SettingsReader reader) {
    HttpsSettings standard = HttpsSettings.DEFAULT;
    return new HttpsSettings(
        reader.integer("policy.httpsPort", standard.port(), 1, 65_535),
        reader.flag("policy.allowPrivateAddresses", standard.allowPrivateAddresses()),
        reader.duration(
            "policy.fetchTimeout",
            standard.deadline(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(300)));
  }

  private static PolicySettings policies(SettingsReader reader) {
    PolicySettings standard = PolicySettings.DEFAULT;
    return new PolicySettings(
        reader.duration(
            "policy.firstLookupWait",
            standard.firstLookupWait(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(120)),
        reader.choice("policy.onSlowLookup", standard.onSlowLookup()),
        reader.choice("policy.onDnsFailure", standard.onDnsFailure()),
        reader.choice("draft2016", standard.draft()),
        reader.choice("draft2016.firstPolicy", standard.firstDraftPolicy()),
        reader.integer("policy.cacheEntries", standard.remembered(), 1, 10_000_000));
  }

  private static Files files(SettingsReader reader, Path baseDirectory) {
    Optional<Path> list = file(reader, "preload.list", baseDirectory);
    Optional<Path> publicKey = file(reader, "preload.publicKey", baseDirectory);
    if (list.isEmpty() && publicKey.isPresent()) {
      throw reader.invalid("preload.publicKey", "a file only where preload.list is set");
    }
    return new Files(
        file(reader, "overrides.file", baseDirectory)
            .orElse(baseDirectory.resolve("conf").resolve("sts-overrides.json")),
        list,
        publicKey);
  }

  private static Optional<Path> file(SettingsReader reader, String key, Path baseDirectory) {
    Optional<String> name = reader.text(key);
    try {
      Optional<Path> path = name.map(baseDirectory::resolve);
      if (path.isEmpty() || java.nio.file.Files.isReadable(path.get())) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    throw reader.invalid(key, "the name of a readable file");
  }

  private static Store store(SettingsReader reader, Path baseDirectory) {
    Optional<String> url = reader.text("store.url");
    String user = reader.text("store.user").orElse("");
    String password = reader.text("store.password").orElse("");
    if (url.isPresent()
        && (!url.get().startsWith(PostgresServer.SCHEME)
            || CREDENTIALS.matcher(url.get()).find())) {
      throw reader.invalid(
          "store.url",
          "a URL such as jdbc:postgresql://db.example:5432/james, without user and password"
              + " (set store.user and store.password)");
    }
    if (url.isEmpty() && !(user + password).isEmpty()) {
      throw reader.invalid("store.url", "a URL where store.user or store.password is set");
    }
    return new Store(
        baseDirectory.resolve("var").resolve("sts"),
        url.map(present -> new PostgresServer(present, user, password)));
  }

  private static Dns dns(SettingsReader reader, Path baseDirectory) {
    List<InetSocketAddress> servers = dnsServers(reader);
    Dnssec.Mode mode = reader.choice("dnssec", Dnssec.Mode.VALIDATE);
    boolean remote = reader.flag("dnssec.trustRemoteAd", false);
    if (mode == Dnssec.Mode.TRUST_AD && servers.isEmpty()) {
      throw reader.invalid("dnssec", "\"trust-ad\" only where dns.servers says whom to believe");
    }
    if (mode == Dnssec.Mode.TRUST_AD
        && !remote
        && servers.stream().anyMatch(server -> !server.getAddress().isLoopbackAddress())) {
      // Whoever is on the path can set the bit.
      throw reader.invalid(
          "dns.servers",
          "loopback addresses only, where dnssec=trust-ad (or dnssec.trustRemoteAd=true, if the"
              + " way to them is safe)");
    }
    return new Dns(
        servers,
        new Dnssec(
            mode,
            reader.choice("dnssec.onUnable", Dnssec.OnUnable.DEGRADE),
            anchors(reader, baseDirectory)));
  }

  private static DnssecAnchors anchors(SettingsReader reader, Path baseDirectory) {
    Optional<Path> file = file(reader, "dnssec.trustAnchors", baseDirectory);
    if (file.isEmpty()) {
      return DnssecAnchors.ROOT;
    }
    try {
      return DnssecAnchors.parse(
          java.nio.file.Files.readString(file.get(), StandardCharsets.ISO_8859_1));
    } catch (IOException | InvalidAnchorsException e) {
      throw reader.invalid(
          "dnssec.trustAnchors",
          "a file with DS or DNSKEY records of one zone, as in a zone file ("
              + e.getMessage()
              + ")");
    }
  }

  private static List<InetSocketAddress> dnsServers(SettingsReader reader) {
    Optional<String> servers = reader.text("dns.servers");
    if (servers.isEmpty()) {
      return List.of();
    }
    try {
      return DnsServers.parse(servers.get()).addresses();
    } catch (InvalidDnsServersException e) {
      throw reader.invalid(
          "dns.servers",
          "a comma-separated list of IP addresses, each with an optional port, such as"
              + " \"192.0.2.53, [2001:db8::53]:5353\" ("
              + e.getMessage()
              + ")");
    }
  }

  private static TrustAnchors trustAnchors(SettingsReader reader, Path baseDirectory) {
    Optional<String> file = reader.text("tls.trustStore");
    String password = reader.text("tls.trustStorePassword").orElse("");
    if (file.isEmpty()) {
      return TrustAnchors.ofJvm();
    }
    try {
      return TrustAnchors.read(baseDirectory.resolve(file.get()), password);
    } catch (IOException | InvalidPathException e) {
      throw reader.invalid(
          "tls.trustStore",
          "a readable PKCS12 or JKS key store or PEM bundle with at least one certificate ("
              + e.getMessage()
              + ")");
    }
  }
}
