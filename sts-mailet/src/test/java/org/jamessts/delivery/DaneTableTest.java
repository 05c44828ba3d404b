package org.jamessts.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jamessts.dane.DigestAgility;
import org.jamessts.decide.Channel;
import org.jamessts.decide.HostRequirements;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxLookup;
import org.jamessts.dns.MxRecord;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guards;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.OverrideParse;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.settings.StsSettings;
import org.jamessts.settings.StsSettings.InsecureMx;
import org.jamessts.settings.StsSettings.Use;
import org.jamessts.settings.StsSettings.WithMtaSts;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.Rule;
import org.jamessts.testing.UnaskedResolver;
import org.jamessts.tls.TlsFacts;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From the answers of the DNS to what a host has to show, before any host is contacted (RFC 7672
 * §2.1, §2.2, §6). What follows from that on a connection is in {@code DaneRequirementTest}.
 */
class DaneTableTest {

  private static final DomainName DOMAIN = new DomainName("example.com");
  private static final DomainName MX = new DomainName("mx.example.com");
  private static final DomainName EXPANDED = new DomainName("host.example.net");
  private static final int PORT = 2525;

  private static final PrivateCa CA = PrivateCa.create("table");
  private static final PrivateCa.Credential RIGHT = CA.issue(MX.value());
  private static final PrivateCa.Credential WRONG = CA.issue(MX.value());
  private static final Instant NOW =
      RIGHT.leaf().getNotBefore().toInstant().plus(Duration.ofDays(1));

  /**
   * One row: what each question is answered with; {@code -} may not be asked, and {@code alias}
   * leads to host.example.net. The outcomes: DANE and ENC with the TLSA base domain, OPP, SKIP of
   * the host, and for the whole mail WAIT and BOUNCE.
   */
  @ParameterizedTest(name = "RFC 7672 {0}: {6}, where DANE is demanded {7}")
  @CsvSource(
      delimiter = '|',
      value = {
        // where the mail goes     | MX | address | first CNAME | TLSA expanded | TLSA original
        "§2.2: MX that is an IP address      |ip|-|-|-|-|WAIT|WAIT",
        "§2.2.2: gateway                     |gateway|secure|-|-|usable|DANE gate.example.com|DANE gate.example.com",
        "§2.2.2: gateway, not proven         |gateway|insecure|-|-|-|OPP|SKIP",
        "§2.1.2: MX lookup fails             |failed|-|-|-|-|WAIT|WAIT",
        "RFC 7505: null MX                   |null|-|-|-|-|BOUNCE|BOUNCE",
        "§2.1.1: no such domain              |nxdomain|-|-|-|-|BOUNCE|BOUNCE",
        "§2.2.2: no MX                       |nodata|secure|-|-|usable|DANE example.com|DANE example.com",
        "§2.2.2: no MX, alias                |nodata|secure alias|-|usable|-|DANE host.example.net|DANE host.example.net",
        "§2.2.2: no MX, insecure address     |nodata|insecure|-|-|-|OPP|SKIP",
        "§2.2.1: secure MX                   |secure|secure|-|-|usable|DANE mx.example.com|DANE mx.example.com",
        "§2.1.3: secure alias of the domain  |secure alias|secure|-|-|usable|DANE mx.example.com|DANE mx.example.com",
        "§2.2.1: insecure MX                 |insecure|secure|-|-|-|OPP|SKIP",
        "§2.1.3: insecure alias of the domain|insecure alias|secure|-|-|-|OPP|SKIP",
        "§2.2.1: insecure MX, host held to its records|half|secure|-|-|usable|DANE mx.example.com|SKIP",
        "§2.2.1: the same, unusable          |half|secure|-|-|unusable|ENC mx.example.com|SKIP",
        "§2.2.1: the same, none              |half|secure|-|-|absent|OPP|SKIP",
        "§2.2.1: the same, lookup fails      |half|secure|-|-|failed|SKIP|SKIP",
        // what the host is
        "§2.2.2: address lookup fails        |secure|failed|-|-|-|SKIP|SKIP",
        "§2.2.2: no address                  |secure|absent|-|-|-|SKIP|SKIP",
        "§2.2.2: insecure address            |secure|insecure|-|-|-|OPP|SKIP",
        "§2.2.2: alias, all secure, expanded name   |secure|secure alias|-|usable|-|DANE host.example.net|DANE host.example.net",
        "§2.2.2: alias, all secure, original name   |secure|secure alias|-|absent|usable|DANE mx.example.com|DANE mx.example.com",
        "§2.2.2: alias, only the first step secure  |secure|insecure alias|secure|-|usable|DANE mx.example.com|DANE mx.example.com",
        "§2.2.2: alias, the first step insecure     |secure|insecure alias|insecure|-|-|OPP|SKIP",
        "§2.1.3: alias, the first step cannot be told|secure|insecure alias|failed|-|-|SKIP|SKIP",
        // what its records are
        "§2.1.2: TLSA lookup fails           |secure|secure|-|-|failed|SKIP|SKIP",
        "§2.2.3: it fails at the first name  |secure|secure alias|-|failed|-|SKIP|SKIP",
        "§2.2.3: it fails at the second name |secure|secure alias|-|absent|failed|SKIP|SKIP",
        "§2.2: insecure records              |secure|secure|-|-|insecure|OPP|SKIP",
        "§2.2: no records                    |secure|secure|-|-|absent|OPP|SKIP",
        "§2.2.3: insecure records, then others|secure|secure alias|-|insecure|usable|DANE mx.example.com|DANE mx.example.com",
        "§2.2.3: no records at either name   |secure|secure alias|-|absent|absent|OPP|SKIP",
        "§2.2: unusable records              |secure|secure|-|-|unusable|ENC mx.example.com|SKIP",
        "§2.2.3: unusable ones are an answer |secure|secure alias|-|unusable|-|ENC host.example.net|SKIP",
        "§2.2: one usable among unusable     |secure|secure|-|-|mixed|DANE mx.example.com|DANE mx.example.com",
      })
  @Rule(value = "RFC 7672 D3", in = Destinations.class)
  @Rule(value = "RFC 7672 D4", in = Destinations.class)
  @Rule(value = "RFC 7672 D9", in = Destinations.class)
  @Rule(value = "RFC 7672 D11", in = Destinations.class)
  @Rule(value = "RFC 7672 D12", in = Destinations.class)
  @Rule(value = "RFC 7672 D13", in = Destinations.class)
  @Rule(value = "RFC 7672 D14", in = Destinations.class)
  @Rule(value = "RFC 7672 D20", in = HostRequirements.class)
  void hostShouldBeHeldToWhatIsProvenOfIt(
      String rule,
      String mx,
      String address,
      String cname,
      String expanded,
      String original,
      String opportunistic,
      String mandatory) {
    Answers answers = new Answers(mx, address, cname, expanded, original);
    NextHop hop =
        mx.equals("gateway")
            ? new NextHop.Gateway(new DomainName("gate.example.com"), PORT)
            : new NextHop.MailDomain(DOMAIN, PORT);

    assertThat(outcome(answers, hop, List.of())).isEqualTo(opportunistic);
    assertThat(outcome(answers, hop, List.of(demand(hop)))).isEqualTo(mandatory);
  }

  private static DomainOverride demand(NextHop hop) {
    String json = "{\"domain\": \"%s\", \"minimum\": \"dane\"}".formatted(hop.policyDomain());
    return ((OverrideParse.Parsed) DomainOverride.parse(json.getBytes(UTF_8))).override();
  }

  private static String outcome(Answers answers, NextHop hop, List<DomainOverride> overrides) {
    StsSettings.Dane settings =
        new StsSettings.Dane(
            Use.ON,
            answers.mx.equals("half") ? InsecureMx.AUTHENTICATE : InsecureMx.OPPORTUNISTIC,
            WithMtaSts.BOTH,
            false,
            DigestAgility.STANDARD);
    Destinations destinations = new Destinations(answers, new Random(1), settings, Guards.ALL);
    if (!(destinations.route(hop) instanceof MxLookup.Hosts route)) {
      return ofRoute(destinations.route(hop));
    }
    Target target = destinations.targets(hop, route, route.hosts()).get(0);
    HostRequirements requirements = DeliveryFactory.requirements(settings, Guards.ALL);
    PolicyLookup nothing = new PolicyLookup.None("none", Optional.empty());
    return ofHost(
        target,
        requirements.of(new DomainPolicy(hop.policyDomain(), nothing, overrides), target.dane()));
  }

  private static String ofRoute(MxLookup route) {
    return route instanceof MxLookup.NullMx || route instanceof MxLookup.NoSuchDomain
        ? "BOUNCE"
        : "WAIT";
  }

  private static String ofHost(Target target, TlsRequirement requirement) {
    DomainName host = target.host().name();
    if (!(target.addresses() instanceof AddressLookup.Found)
        || requirement.admit(host) instanceof Verdict.NextHost) {
      return "SKIP";
    }
    if (goes(requirement, host, new Channel.NotOffered())) {
      return "OPP";
    }
    String base = target.dane().serverName().value();
    if (goes(requirement, host, tls(WRONG))) {
      return "ENC " + base;
    }
    return goes(requirement, host, tls(RIGHT)) ? "DANE " + base : "SKIP";
  }

  private static boolean goes(TlsRequirement requirement, DomainName host, Channel channel) {
    return requirement.judge(host, channel, NOW) instanceof Verdict.Proceed;
  }

  private static Channel tls(PrivateCa.Credential credential) {
    PathBuilder paths =
        new PathBuilder(TrustAnchors.of(List.of(CA.root())), Clock.fixed(NOW, ZoneOffset.UTC));
    return new Channel.Encrypted(
        new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", MX, paths.facts(credential.chain())));
  }

  /** The answers of one row. */
  private static final class Answers extends UnaskedResolver {
    private final String mx;
    private final String address;
    private final String cname;
    private final String expanded;
    private final String original;

    Answers(String mx, String address, String cname, String expanded, String original) {
      this.mx = mx;
      this.address = address;
      this.cname = cname;
      this.expanded = expanded;
      this.original = original;
    }

    @Override
    public DnsReply<MxRecord> mx(DomainName domain) {
      assertThat(domain).isEqualTo(DOMAIN);
      return switch (mx) {
        case "failed" -> failed();
        case "nodata" -> absent(true);
        case "nxdomain" -> absent(false);
        case "null" -> found(new MxRecord(0, ""), "secure");
        case "ip" -> found(new MxRecord(10, "192.0.2.1"), "secure");
        case "half" -> found(new MxRecord(10, MX.value()), "insecure");
        case "secure", "secure alias", "insecure", "insecure alias" ->
            found(new MxRecord(10, MX.value()), mx);
        default -> super.mx(domain);
      };
    }

    @Override
    public DnsReply<Inet4Address> a(DomainName host) {
      return switch (address) {
        case "failed" -> failed();
        case "absent" -> absent(true);
        case "-" -> super.a(host);
        default -> found(anAddress(), address);
      };
    }

    @Override
    public DnsReply<Inet6Address> aaaa(DomainName host) {
      return address.equals("failed") ? failed() : absent(true);
    }

    @Override
    public DnsReply<String> cname(DomainName name) {
      return switch (cname) {
        case "failed" -> failed();
        case "-" -> super.cname(name);
        default -> found(EXPANDED.value(), cname);
      };
    }

    @Override
    public DnsReply<TlsaRecord> tlsa(int port, DomainName base) {
      assertThat(port).isEqualTo(PORT);
      TlsaRecord pkix = new TlsaRecord(1, 1, 1, new byte[32]);
      return switch (base.equals(EXPANDED) ? expanded : original) {
        case "failed" -> failed();
        case "absent" -> absent(true);
        case "insecure" -> found(record(), "insecure");
        case "usable" -> found(record(), "secure");
        case "unusable" -> found(pkix, "secure");
        case "mixed" -> kept(new DnsAnswer.Found<>(List.of(pkix, record()), Security.SECURE));
        default -> super.tlsa(port, base);
      };
    }

    private static <T> DnsReply<T> kept(DnsAnswer<T> answer) {
      return new DnsReply<>(answer, Duration.ofMinutes(5));
    }

    private static <T> DnsReply<T> failed() {
      return new DnsReply<>(
          new DnsAnswer.Failed<>(Failure.BOGUS, "a signature is missing"), Duration.ZERO);
    }

    private static <T> DnsReply<T> absent(boolean nameExists) {
      return kept(new DnsAnswer.Absent<>(nameExists, Security.SECURE));
    }

    private static <T> DnsReply<T> found(T record, String words) {
      return kept(
          new DnsAnswer.Found<>(
              List.of(record),
              words.startsWith("secure") ? Security.SECURE : Security.INSECURE,
              words.endsWith("alias") ? Optional.of(EXPANDED.value()) : Optional.empty()));
    }

    private static Inet4Address anAddress() {
      try {
        return (Inet4Address) InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
      } catch (UnknownHostException e) {
        throw new AssertionError("four octets are an address", e);
      }
    }

    private static TlsaRecord record() {
      try {
        byte[] key = RIGHT.leaf().getPublicKey().getEncoded();
        return new TlsaRecord(3, 1, 1, MessageDigest.getInstance("SHA-256").digest(key));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
