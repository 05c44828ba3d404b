package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.Inet4Address;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.testing.Denial;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.DnssecFault;
import org.jamessts.testing.KeyAlgorithm;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SettableClock;
import org.jamessts.testing.Signing;
import org.jamessts.testing.ZoneKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** RFC 4035 §4.3 over a real server: what is proven, what is not, what is disproved. */
class DnssecResolverTest {

  private static final String FORGED = "mx.good.test. A 203.0.113.9";
  private static final String MISSING = "a signature is missing";
  private static final String WRONG = "a signature or a proof is wrong";

  /** For one question; what a test waits for in vain may have less. */
  private Duration timeout = Duration.ofSeconds(8);

  private final PrivateDns dns = PrivateDns.start();

  @BeforeEach
  void populate() {
    dns.sign("good.test").sign("other.test").unsignedZone("plain.test");
    dns.mx("good.test", 10, "mx.good.test");
    dns.a("mx.good.test", "192.0.2.1");
    dns.a("mx.other.test", "192.0.2.2");
    dns.a("mx.plain.test", "192.0.2.3");
    dns.add("_25._tcp.mx.good.test. TLSA 3 1 1 " + "ab".repeat(32));
    dns.cname("across.good.test", "mx.other.test");
    dns.cname("out.good.test", "mx.plain.test");
    dns.cname("in.plain.test", "mx.good.test");
    dns.cname("gone.good.test", "nothing.other.test");
    dns.a("*.wild.good.test", "192.0.2.4");
  }

  @AfterEach
  void stop() {
    dns.close();
  }

  private DnsJavaResolver resolver(Dnssec.Mode mode, Dnssec.OnUnable onUnable, Clock clock) {
    return resolver(mode, onUnable, clock, Guards.ALL);
  }

  private DnsJavaResolver resolver(
      Dnssec.Mode mode, Dnssec.OnUnable onUnable, Clock clock, Guards guards) {
    return new DnsJavaResolver(
        List.of(dns.address()),
        new DnsJavaResolver.Settings(timeout, 1000, new Dnssec(mode, onUnable, anchors())),
        clock,
        guards);
  }

  private DnsJavaResolver validating() {
    return resolver(Dnssec.Mode.VALIDATE, Dnssec.OnUnable.DEFER, Clock.systemUTC());
  }

  private DnssecAnchors anchors() {
    try {
      return DnssecAnchors.parse(dns.trustAnchor());
    } catch (InvalidAnchorsException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String describe(DnsAnswer<?> answer) {
    if (answer instanceof DnsAnswer.Found<?> found) {
      return "found " + found.security();
    }
    if (answer instanceof DnsAnswer.Absent<?> absent) {
      return (absent.nameExists() ? "no data " : "no name ") + absent.security();
    }
    return "failed " + ((DnsAnswer.Failed<?>) answer).failure();
  }

  private static DnsAnswer<Inet4Address> a(Resolver resolver, String name) {
    return resolver.a(new DomainName(name)).answer();
  }

  static Stream<Arguments> names() {
    return Stream.of(
        arguments("mx.good.test", "found SECURE", "a signed zone"),
        arguments("good.test", "no data SECURE", "absence in a signed zone"),
        arguments("x.good.test", "no name SECURE", "a name that does not exist there"),
        arguments("a.wild.good.test", "found SECURE", "a wildcard"),
        arguments("across.good.test", "found SECURE", "an alias, both zones signed"),
        arguments("gone.good.test", "no name SECURE", "an alias to nowhere, both signed"),
        arguments("mx.plain.test", "found INSECURE", "an unsigned zone"),
        arguments("x.plain.test", "no name INSECURE", "a name that does not exist there"),
        arguments("out.good.test", "found INSECURE", "an alias out of a signed zone"),
        arguments("in.plain.test", "found INSECURE", "an alias into a signed zone"));
  }

  @ParameterizedTest(name = "{2}: {0} is {1}")
  @MethodSource("names")
  @Rule(value = "RFC 7672 D1", in = DnsJavaResolver.class)
  @Rule(value = "RFC 7672 D5", in = DnsLookup.class)
  @Rule(value = "RFC 4035 D4", in = DnssecValidator.class)
  void answerShouldSayWhatIsProven(String name, String expected, String claim) {
    DnsJavaResolver resolver = validating();
    assertThat(describe(a(resolver, name))).isEqualTo(expected);
    assertThat(describe(a(resolver, name))).as("once more, from memory").isEqualTo(expected);
  }

  @Test
  @Rule(value = "RFC 7672 D5", in = HostAddresses.class)
  void firstLinkShouldBeProvenAloneWhereTheRestIsNot() {
    DnsJavaResolver resolver = validating();
    assertThat(resolver.cname(new DomainName("out.good.test")).answer())
        .isEqualTo(new DnsAnswer.Found<>(List.of("mx.plain.test"), Security.SECURE));
    assertThat(describe(resolver.cname(new DomainName("in.plain.test")).answer()))
        .isEqualTo("found INSECURE");
    assertThat(describe(resolver.cname(new DomainName("mx.good.test")).answer()))
        .isEqualTo("no data SECURE");
    assertThat(new HostAddresses(resolver).lookup(new DomainName("out.good.test")))
        .isInstanceOfSatisfying(
            AddressLookup.Found.class,
            found ->
                assertThat(found.tlsaBases()).containsExactly(new DomainName("out.good.test")));
  }

  @Test
  void tlsaRecordsShouldBeReadWhole() {
    assertThat(validating().tlsa(25, new DomainName("mx.good.test")).answer())
        .isEqualTo(new DnsAnswer.Found<>(List.of(tlsa()), Security.SECURE));
    assertThat(describe(validating().tlsa(26, new DomainName("mx.good.test")).answer()))
        .isEqualTo("no name SECURE");
  }

  private static TlsaRecord tlsa() {
    byte[] data = new byte[32];
    Arrays.fill(data, (byte) 0xab);
    return new TlsaRecord(3, 1, 1, data);
  }

  private static DnsFault tamper(Consumer<Message> change) {
    return DnsFault.tamper(
        answer -> {
          change.accept(answer);
          return answer;
        });
  }

  /** Whoever owns a signed zone has as many signed DNAMEs as he likes. */
  private static DnsFault after(String dname, String line) {
    DnsFault signed = DnssecFault.forgeSignedBy("other.test", dname);
    DnsFault forged = DnssecFault.forge(line);
    return (answer, tcp) -> {
      Message first = new Message(signed.apply(answer.clone(), tcp).get(0));
      new Message(forged.apply(answer, tcp).get(0))
          .getSection(Section.ANSWER)
          .forEach(record -> first.addRecord(record, Section.ANSWER));
      return List.of(first.toWire());
    };
  }

  private static void claimProof(Message answer) {
    List.copyOf(answer.getSection(Section.ANSWER)).stream()
        .filter(record -> record.getType() == Type.RRSIG)
        .forEach(record -> answer.removeRecord(record, Section.ANSWER));
    answer.getHeader().setFlag(Flags.AD);
  }

  private static void empty(Message answer) {
    answer.removeAllRecords(Section.ANSWER);
    answer.removeAllRecords(Section.AUTHORITY);
  }

  private static void keepForADay(Message answer) {
    List<Record> records = List.copyOf(answer.getSection(Section.ANSWER));
    answer.removeAllRecords(Section.ANSWER);
    records.forEach(
        record -> {
          byte[] data = record.rdataToWireCanonical();
          answer.addRecord(
              Record.newRecord(record.getName(), record.getType(), DClass.IN, 86_400, data),
              Section.ANSWER);
        });
  }

  static Stream<Arguments> attacks() {
    return Stream.of(
        arguments("signatures stripped", MISSING, DnssecFault.STRIP_SIGNATURES),
        arguments("all of DNSSEC stripped", MISSING, DnssecFault.STRIP_DNSSEC),
        arguments("signatures corrupted", WRONG, DnssecFault.CORRUPT_SIGNATURES),
        arguments("records forged, unsigned", MISSING, DnssecFault.forge(FORGED)),
        arguments(
            "records forged, signed by an unsigned zone",
            MISSING,
            DnssecFault.forgeSignedBy("plain.test", FORGED)),
        arguments(
            "records forged, signed by another zone",
            MISSING,
            DnssecFault.forgeSignedBy("other.test", FORGED)),
        arguments(
            "an alias forged",
            MISSING,
            DnssecFault.forge(
                "mx.good.test. CNAME mx.plain.test.", "mx.plain.test. A 203.0.113.9")),
        arguments("the name denied", MISSING, DnssecFault.denyName("good.test")),
        arguments("the data denied", MISSING, DnssecFault.denyData("good.test")),
        arguments("the name denied by an unsigned zone", WRONG, DnssecFault.denyName("plain.test")),
        arguments(
            "the data denied by an unsigned zone",
            "the proof of absence is missing",
            DnssecFault.denyData("plain.test")),
        arguments("the name denied by a signed zone", WRONG, DnssecFault.denyName("other.test")),
        arguments(
            "records forged after a DNAME of another zone",
            MISSING,
            after("a.moved.other.test. DNAME plain.test.", FORGED)),
        arguments("an AD bit claimed", MISSING, tamper(DnssecResolverTest::claimProof)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @Rule(value = "RFC 7672 D2", in = DnssecValidator.class)
  @Rule(value = "RFC 4035 D1", in = RelevantRecords.class)
  @Rule(value = "RFC 4035 D4", in = DnssecValidator.class)
  void signedNameShouldBeBogusWhen(String attack, String reason, DnsFault fault) {
    dns.fault("mx.good.test", "A", fault);
    DnsAnswer<Inet4Address> answer = a(validating(), "mx.good.test");
    assertThat(describe(answer)).isEqualTo("failed BOGUS");
    assertThat(((DnsAnswer.Failed<?>) answer).detail())
        .isEqualTo("A of mx.good.test is disproved by DNSSEC: " + reason);
  }

  static Stream<Arguments> keyAttacks() {
    List<Arguments> all = new ArrayList<>();
    for (String type : List.of("DS", "DNSKEY")) {
      for (String zone : List.of("good.test", "test")) {
        all.add(arguments(zone, type, "silence", DnsFault.SILENCE));
        all.add(arguments(zone, type, "SERVFAIL", DnsFault.SERVFAIL));
        all.add(arguments(zone, type, "denied name", DnssecFault.denyName("plain.test")));
        all.add(arguments(zone, type, "denied data", DnssecFault.denyData("plain.test")));
        all.add(arguments(zone, type, "corrupted", DnssecFault.CORRUPT_SIGNATURES));
        all.add(arguments(zone, type, "stripped", DnssecFault.STRIP_DNSSEC));
      }
    }
    return all.stream();
  }

  /** Whoever can keep a proof from us must not make a signed name look unsigned. */
  @ParameterizedTest(name = "{1} of {0}: {2}")
  @MethodSource("keyAttacks")
  @Rule(value = "RFC 7672 D2", in = DnssecValidator.class)
  void proofThatIsKeptBackShouldMakeNothingInsecure(
      String zone, String type, String attack, DnsFault fault) {
    dns.fault(zone, type, fault);
    if (fault == DnsFault.SILENCE) {
      timeout = Duration.ofMillis(500);
    }
    DnsJavaResolver resolver = validating();
    assertThat(describe(a(resolver, "mx.good.test"))).startsWith("failed");
    dns.fault("mx.good.test", "AAAA", DnssecFault.denyData("good.test"));
    assertThat(describe(resolver.aaaa(new DomainName("mx.good.test")).answer()))
        .startsWith("failed");
    dns.fault("_25._tcp.mx.good.test", "TLSA", DnssecFault.denyName("good.test"));
    assertThat(describe(resolver.tlsa(25, new DomainName("mx.good.test")).answer()))
        .startsWith("failed");
    dns.fault("_26._tcp.mx.good.test", "TLSA", DnssecFault.denyData("good.test"));
    assertThat(describe(resolver.tlsa(26, new DomainName("mx.good.test")).answer()))
        .startsWith("failed");
  }

  /** The attacks above find each of these rules missing. */
  @Test
  void attacksShouldSucceedWithoutTheGuards() {
    dns.fault("mx.good.test", "A", DnssecFault.forgeSignedBy("plain.test", FORGED));
    assertThat(describe(a(without(Guard.SIGNER_IS_ABOVE_OWNER), "mx.good.test")))
        .isEqualTo("found INSECURE");

    dns.fault("mx.good.test", "A", DnssecFault.denyName("plain.test"));
    assertThat(describe(a(without(Guard.AUTHORITY_IS_ABOVE_NAME), "mx.good.test")))
        .isEqualTo("no name INSECURE");

    dns.fault("mx.good.test", "A", DnssecFault.CORRUPT_SIGNATURES);
    assertThat(describe(a(without(Guard.BOGUS_IS_NO_ANSWER), "mx.good.test")))
        .isEqualTo("found INSECURE");

    dns.fault("good.test", "DNSKEY", DnsFault.SERVFAIL);
    dns.fault("_25._tcp.mx.good.test", "TLSA", DnssecFault.denyData("good.test"));
    assertThat(
            describe(
                without(Guard.NO_PROOF_IS_NO_ANSWER)
                    .tlsa(25, new DomainName("mx.good.test"))
                    .answer()))
        .isEqualTo("no data INSECURE");
  }

  private DnsJavaResolver without(Guard off) {
    return resolver(
        Dnssec.Mode.VALIDATE, Dnssec.OnUnable.DEFER, Clock.systemUTC(), guard -> guard != off);
  }

  /** What others add to a true answer must not take the truth from it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.test. SOA plain.test. plain.test. 1 1 1 1 1",
        "plain.test. TXT unsigned",
        "plain.test. NSEC z.plain.test. A",
        "plain.test. NS ns.plain.test.",
        "plain.test. DS 1 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
      })
  void trueAnswerShouldStaySecureWhateverIsAdded(String line) {
    dns.fault("mx.good.test", "A", DnssecFault.appendToAuthority(line));
    dns.fault("x.good.test", "A", DnssecFault.appendToAuthority(line));
    DnsJavaResolver resolver = validating();
    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("found SECURE");
    assertThat(describe(a(resolver, "x.good.test"))).isEqualTo("no name SECURE");
  }

  @Test
  void oneForgedAnswerShouldNotHaveTheLastWord() {
    DnsJavaResolver resolver = validating();
    dns.fault("good.test", "DNSKEY", DnssecFault.CORRUPT_SIGNATURES);
    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("failed BOGUS");
    dns.heal("good.test", "DNSKEY");
    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("found SECURE");
  }

  static Stream<Arguments> signings() {
    List<Arguments> all = new ArrayList<>();
    Signing standard = Signing.standard();
    all.add(arguments("NSEC3", standard.withDenial(Denial.NSEC3), "SECURE"));
    all.add(
        arguments("NSEC3, 50 iterations", standard.withDenial(Denial.nsec3(50, "ab")), "SECURE"));
    all.add(arguments("a large set of keys", standard.withStandbyKeys(12), "SECURE"));
    all.add(arguments("expired", standard.expired(), "BOGUS"));
    all.add(arguments("not yet valid", standard.notYetValid(), "BOGUS"));
    all.add(arguments("without DS", standard.withoutDs(), "INSECURE"));
    return all.stream();
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("signings")
  @Rule(value = "RFC 4035 D3", in = DnssecValidator.class)
  void zoneShouldBeJudgedByTheWayItIsSigned(String claim, Signing signing, String expected) {
    dns.sign("odd.test", signing).a("a.odd.test", "192.0.2.5");
    DnsJavaResolver resolver = validating();
    assertThat(describe(a(resolver, "a.odd.test"))).endsWith(expected);
    assertThat(describe(a(resolver, "b.odd.test"))).endsWith(expected);
    assertThat(describe(resolver.aaaa(new DomainName("a.odd.test")).answer())).endsWith(expected);
  }

  private static final ZoneKey OLD_KSK = ZoneKey.ksk(KeyAlgorithm.RSASHA256_FIXED);
  private static final ZoneKey OLD_ZSK = ZoneKey.zsk(KeyAlgorithm.RSASHA256_FIXED);
  private static final ZoneKey NEW_KSK = ZoneKey.ksk(KeyAlgorithm.ECDSAP256SHA256);
  private static final ZoneKey NEW_ZSK = ZoneKey.zsk(KeyAlgorithm.ECDSAP256SHA256);

  private static final String FORGED_BELOW = "mx.moved.good.test. A 203.0.113.9";

  private static Signing by(ZoneKey... keys) {
    return Signing.standard().withKeys(keys);
  }

  /** What the zone is signed with, and what its parent vouches for, while one replaces another. */
  static Stream<Arguments> rollovers() {
    Signing both = by(OLD_KSK, OLD_ZSK, NEW_KSK, NEW_ZSK);
    ZoneKey next = OLD_KSK.number(1);
    ZoneKey unknown = ZoneKey.csk(KeyAlgorithm.UNKNOWN);
    return Stream.of(
        // RFC 6781 §4.1.4: another algorithm, with signatures of both.
        arguments("signed by both, DS of the old", both, by(OLD_KSK), "SECURE"),
        arguments("signed by both, DS of both", both, both, "SECURE"),
        arguments("signed by both, DS of the new", both, by(NEW_KSK), "SECURE"),
        arguments(
            "keys of both, records signed by one", by(OLD_KSK, NEW_KSK, NEW_ZSK), both, "SECURE"),
        arguments("old keys gone before their DS", by(NEW_KSK, NEW_ZSK), by(OLD_KSK), "BOGUS"),
        arguments("new DS before its keys", by(OLD_KSK, OLD_ZSK), by(NEW_KSK), "BOGUS"),
        arguments("old keys gone, DS of both", by(NEW_KSK, NEW_ZSK), both, "SECURE"),
        arguments("keys without signatures", by(NEW_KSK, OLD_KSK), both, "BOGUS"),
        // RFC 6781 §4.1.2: another KSK.
        arguments("two KSK, DS of one", by(OLD_KSK, next, OLD_ZSK), by(next), "SECURE"),
        arguments("KSK of another DS", by(next, OLD_ZSK), by(OLD_KSK), "BOGUS"),
        // RFC 4035 §5.2: what nobody knows proves nothing, and spoils nothing.
        arguments(
            "to an unknown algorithm",
            by(OLD_KSK, OLD_ZSK, unknown),
            by(OLD_KSK, unknown),
            "SECURE"),
        arguments(
            "unknown alone in the DS", by(OLD_KSK, OLD_ZSK, unknown), by(unknown), "INSECURE"));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("rollovers")
  @Rule(value = "RFC 6840 D1", in = DnssecValidator.class)
  void zoneShouldHaveOneWholePathThroughARollover(
      String stage, Signing zone, Signing parent, String expected) {
    dns.sign("odd.test", zone).add(parent.ds("odd.test")).a("a.odd.test", "192.0.2.5");
    DnsJavaResolver resolver = validating();
    assertThat(describe(a(resolver, "a.odd.test"))).endsWith(expected);
    assertThat(describe(a(resolver, "b.odd.test"))).endsWith(expected);
  }

  static Stream<Arguments> redirections() {
    return Stream.of(
        arguments("a.moved.good.test", "found SECURE", "both zones signed"),
        arguments("mx.moved.good.test", "found SECURE", "two labels below"),
        arguments("x.moved.good.test", "no name SECURE", "to a name that does not exist"),
        arguments("moved.good.test", "no data SECURE", "the name of the DNAME itself"),
        arguments("mx.left.good.test", "found INSECURE", "out of signed zones"),
        arguments("mx.back.plain.test", "found INSECURE", "into a signed zone"));
  }

  private void redirect() {
    dns.dname("moved.good.test", "other.test").a("a.other.test", "192.0.2.6");
    dns.dname("left.good.test", "plain.test").dname("back.plain.test", "good.test");
  }

  /** RFC 6672 §5.3: a DNAME is signed, the CNAME that follows from it is not. */
  @ParameterizedTest(name = "{2}: {0} is {1}")
  @MethodSource("redirections")
  @Rule(value = "RFC 6672 D1", in = AnswerChain.class)
  void dnameShouldProveWhereItLeads(String name, String expected, String claim) {
    redirect();
    assertThat(describe(a(validating(), name))).isEqualTo(expected);
  }

  @Test
  @Rule(value = "RFC 7672 D5", in = DnsJavaResolver.class)
  void linkThatADnameMakesShouldBeProvenAlone() {
    redirect();
    DnsJavaResolver resolver = validating();
    assertThat(resolver.cname(new DomainName("mx.left.good.test")).answer())
        .isEqualTo(new DnsAnswer.Found<>(List.of("mx.plain.test"), Security.SECURE));
    assertThat(describe(resolver.cname(new DomainName("mx.back.plain.test")).answer()))
        .isEqualTo("found INSECURE");
  }

  static Stream<Arguments> brokenRedirections() {
    return Stream.of(
        arguments("signatures stripped", DnssecFault.STRIP_SIGNATURES),
        arguments("signatures corrupted", DnssecFault.CORRUPT_SIGNATURES),
        arguments("the DNAME left out", tamper(DnssecResolverTest::withoutDname)),
        arguments(
            "records forged after it", after("moved.good.test. DNAME other.test.", FORGED_BELOW)),
        arguments(
            "a DNAME forged",
            DnssecFault.forge(
                "moved.good.test. DNAME plain.test.",
                "mx.moved.good.test. CNAME mx.plain.test.",
                "mx.plain.test. A 192.0.2.3")),
        arguments(
            "a DNAME that another zone signs",
            DnssecFault.forgeSignedBy(
                "other.test",
                "moved.good.test. DNAME plain.test.",
                "mx.moved.good.test. CNAME mx.plain.test.",
                "mx.plain.test. A 192.0.2.3")));
  }

  private static void withoutDname(Message answer) {
    List.copyOf(answer.getSection(Section.ANSWER)).stream()
        .filter(record -> record.getName().toString().equals("moved.good.test."))
        .forEach(record -> answer.removeRecord(record, Section.ANSWER));
  }

  private static void anotherCname(Message answer) {
    for (Record record : List.copyOf(answer.getSection(Section.ANSWER))) {
      if (record.getType() == Type.CNAME) {
        answer.removeRecord(record, Section.ANSWER);
        answer.addRecord(
            new CNAMERecord(
                record.getName(),
                DClass.IN,
                record.getTTL(),
                Name.fromConstantString("mx.good.test.")),
            Section.ANSWER);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenRedirections")
  @Rule(value = "RFC 6672 D1", in = AnswerChain.class)
  void nameBelowADnameShouldBeBogusWhen(String attack, DnsFault fault) {
    redirect();
    dns.fault("mx.moved.good.test", "A", fault);
    assertThat(describe(a(validating(), "mx.moved.good.test"))).isEqualTo("failed BOGUS");
  }

  /** Anybody can put an unsigned CNAME into an answer; where it leads says the DNAME. */
  @Test
  void cnameBesideADnameShouldNotLeadElsewhere() {
    redirect();
    dns.fault("mx.moved.good.test", "A", tamper(DnssecResolverTest::anotherCname));
    DnsAnswer<Inet4Address> answer = a(validating(), "mx.moved.good.test");
    assertThat(describe(answer)).isEqualTo("found SECURE");
    assertThat(((DnsAnswer.Found<Inet4Address>) answer).alias()).contains("mx.other.test");
  }

  static Stream<Arguments> signatureTimes() {
    return Stream.of(
        arguments(Signing.standard().expired(), "a signature has expired"),
        arguments(Signing.standard().notYetValid(), "a signature is not valid yet"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("signatureTimes")
  void reasonShouldSayWhatTheDatesOfSignaturesAre(Signing signing, String reason) {
    dns.sign("odd.test", signing).a("a.odd.test", "192.0.2.5");
    assertThat(a(validating(), "a.odd.test"))
        .isEqualTo(
            new DnsAnswer.Failed<>(
                Failure.BOGUS, "A of a.odd.test is disproved by DNSSEC: " + reason));
  }

  /** RFC 6840 §5.11: one valid path is enough. */
  @Test
  @Rule(value = "RFC 6840 D1", in = DnssecValidator.class)
  void dsOfAnotherAlgorithmThatLeadsNowhereShouldNotMatter() {
    dns.sign("odd.test").a("a.odd.test", "192.0.2.5");
    dns.add(Signing.standard().ds("odd.test"));
    dns.add("odd.test. DS 4711 8 2 " + "ab".repeat(32));
    assertThat(describe(a(validating(), "a.odd.test"))).isEqualTo("found SECURE");
  }

  /** RFC 9276 §3.2: what takes too long to check counts as not proven. */
  @Test
  @Rule(value = "RFC 9276 D1", in = DnssecValidator.class)
  void denialWithManyIterationsShouldNotBeProof() {
    dns.sign("slow.test", Signing.standard().withDenial(Denial.nsec3(51, "ab")));
    dns.a("a.slow.test", "192.0.2.5");
    DnsJavaResolver resolver = validating();
    assertThat(describe(a(resolver, "a.slow.test"))).isEqualTo("found SECURE");
    assertThat(describe(a(resolver, "b.slow.test"))).isNotEqualTo("no name SECURE");
  }

  @ParameterizedTest
  @EnumSource
  @Rule(value = "RFC 4035 D3", in = DnssecValidator.class)
  void algorithmShouldBeKnownOrMakeTheZoneInsecure(KeyAlgorithm algorithm) {
    dns.sign("odd.test", Signing.standard().withKeys(ZoneKey.csk(algorithm)));
    dns.a("a.odd.test", "192.0.2.5");
    assertThat(describe(a(validating(), "a.odd.test")))
        .isEqualTo(algorithm == KeyAlgorithm.UNKNOWN ? "found INSECURE" : "found SECURE");
  }

  @Test
  void emptyAnswerShouldBeAbsenceInAnUnsignedZoneAloneAndNowhereElse() {
    DnsFault empty = tamper(DnssecResolverTest::empty);
    dns.fault("mx.plain.test", "AAAA", empty).fault("mx.good.test", "AAAA", empty);
    DnsJavaResolver resolver = validating();
    assertThat(describe(resolver.aaaa(new DomainName("mx.plain.test")).answer()))
        .isEqualTo("no data INSECURE");
    assertThat(describe(resolver.aaaa(new DomainName("mx.good.test")).answer()))
        .isEqualTo("failed BOGUS");
  }

  /** RFC 4035 §5.3.3: else an old record could be held up for long after its time. */
  @Test
  @Rule(value = "RFC 4035 D2", in = DnsLookup.class)
  void signedRecordShouldBeKeptNoLongerThanItsSignatureSays() {
    SettableClock clock = new SettableClock();
    DnsJavaResolver resolver = resolver(Dnssec.Mode.VALIDATE, Dnssec.OnUnable.DEFER, clock);
    dns.fault("mx.good.test", "A", tamper(DnssecResolverTest::keepForADay));
    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("found SECURE");
    int asked = dns.queries("mx.good.test", "A");
    clock.advance(Duration.ofSeconds(61));
    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("found SECURE");
    assertThat(dns.queries("mx.good.test", "A")).isEqualTo(asked + 1);
  }

  @Test
  void equalLookupsShouldAskOnce() throws Exception {
    DnsJavaResolver resolver = validating();
    resolver.testWhenDue();
    int before = dns.queries().size();
    ExecutorService threads = Executors.newFixedThreadPool(200);
    try {
      List<CompletableFuture<String>> lookups = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        lookups.add(
            CompletableFuture.supplyAsync(
                () -> describe(resolver.mx(new DomainName("good.test")).answer()), threads));
      }
      lookups.forEach(lookup -> assertThat(lookup.join()).isEqualTo("found SECURE"));
    } finally {
      threads.shutdownNow();
    }
    // The question itself, DS and DNSKEY of two zones, and the root's keys, which the test has had
    // for itself.
    assertThat(dns.queries().size() - before).isLessThanOrEqualTo(6);
  }

  @Test
  void knownZoneShouldCostNoQuestionMore() {
    DnsJavaResolver resolver = validating();
    assertThat(describe(resolver.mx(new DomainName("good.test")).answer()))
        .isEqualTo("found SECURE");
    int before = dns.queries().size();
    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("found SECURE");
    assertThat(describe(a(resolver, "mx.other.test"))).isEqualTo("found SECURE");
    // One each, and DS and DNSKEY of the second zone.
    assertThat(dns.queries().size() - before).isEqualTo(4);
  }

  @Test
  @Rule(value = "RFC 7672 D1", in = DnsJavaResolver.class)
  void adBitShouldBeBelievedWhereThatIsSet() {
    dns.claimsAuthenticData(true);
    DnsJavaResolver resolver =
        resolver(Dnssec.Mode.TRUST_AD, Dnssec.OnUnable.DEGRADE, Clock.systemUTC());
    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("found SECURE");
    assertThat(describe(a(resolver, "x.good.test"))).isEqualTo("no name SECURE");
    assertThat(describe(a(resolver, "mx.plain.test"))).isEqualTo("found INSECURE");
    assertThat(describe(a(resolver, "out.good.test"))).isEqualTo("found INSECURE");
    assertThat(resolver.validates()).isTrue();
  }

  @Test
  void nothingShouldBeProvenWithoutDnssec() {
    dns.claimsAuthenticData(true);
    DnsJavaResolver resolver = resolver(Dnssec.Mode.OFF, Dnssec.OnUnable.DEFER, Clock.systemUTC());
    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("found INSECURE");
    assertThat(resolver.validates()).isFalse();
  }

  private void stripEverything() {
    for (String type : List.of("SOA", "TLSA", "DNSKEY")) {
      dns.fault(".", type, DnssecFault.STRIP_DNSSEC);
    }
    dns.fault("mx.good.test", "A", DnssecFault.STRIP_DNSSEC);
  }

  private void healEverything() {
    for (String type : List.of("SOA", "TLSA", "DNSKEY")) {
      dns.heal(".", type);
    }
    dns.heal("mx.good.test", "A");
  }

  @Test
  void wayWithoutSignaturesShouldSwitchDnssecOffUntilTheyArrive() {
    SettableClock clock = new SettableClock();
    DnsJavaResolver resolver = resolver(Dnssec.Mode.VALIDATE, Dnssec.OnUnable.DEGRADE, clock);
    stripEverything();

    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("found INSECURE");
    assertThat(resolver.validates()).isFalse();
    assertThat(resolver.trouble())
        .hasValueSatisfying(why -> assertThat(why).contains("DNSSEC does not work"));

    healEverything();
    clock.advance(Duration.ofSeconds(59));
    resolver.testWhenDue();
    assertThat(resolver.trouble()).isPresent();

    clock.advance(Duration.ofSeconds(2));
    resolver.testWhenDue();
    assertThat(resolver.trouble()).isEqualTo(Optional.empty());
    assertThat(describe(a(resolver, "mx.good.test")))
        .as("not what was learned before")
        .isEqualTo("found SECURE");

    stripEverything();
    clock.advance(Duration.ofMinutes(59));
    resolver.testWhenDue();
    assertThat(resolver.trouble()).isEmpty();
    clock.advance(Duration.ofMinutes(2));
    resolver.testWhenDue();
    assertThat(resolver.trouble()).isPresent();
  }

  /** Whoever can drop packets while this server starts must not switch DANE off with that. */
  @Test
  void silenceShouldSwitchNothingOff() {
    SettableClock clock = new SettableClock();
    DnsJavaResolver resolver = resolver(Dnssec.Mode.VALIDATE, Dnssec.OnUnable.DEGRADE, clock);
    dns.fault(".", "SOA", DnsFault.SERVFAIL);
    dns.fault("mx.good.test", "A", DnssecFault.STRIP_DNSSEC);

    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("failed BOGUS");
    assertThat(resolver.validates()).isTrue();
    assertThat(resolver.trouble()).isPresent();

    stripEverything();
    clock.advance(Duration.ofMinutes(2));
    resolver.testWhenDue();
    assertThat(resolver.validates()).isFalse();

    dns.fault(".", "SOA", DnsFault.SERVFAIL);
    clock.advance(Duration.ofMinutes(2));
    resolver.testWhenDue();
    assertThat(resolver.validates()).as("still").isFalse();

    healEverything();
    clock.advance(Duration.ofMinutes(2));
    resolver.testWhenDue();
    assertThat(resolver.validates()).isTrue();
    assertThat(resolver.trouble()).isEmpty();
  }

  /**
   * Whoever owns some hundred names can have their servers hang: no proof is worth less for that.
   */
  @Test
  @Timeout(60)
  void aCrowdOfQuestionsThatHangShouldSwitchNothingOff() throws Exception {
    timeout = Duration.ofSeconds(20);
    SettableClock clock = new SettableClock();
    DnsJavaResolver resolver = resolver(Dnssec.Mode.VALIDATE, Dnssec.OnUnable.DEGRADE, clock);
    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("found SECURE");
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (int i = 0; i < 520; i++) {
        String name = "h" + i + ".plain.test";
        dns.fault(name, "A", (answer, tcp) -> after(release, answer));
        threads.execute(() -> a(resolver, name));
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> hanging() == 500);

      clock.advance(Duration.ofHours(2));
      resolver.testWhenDue();

      assertThat(resolver.trouble()).isEmpty();
      assertThat(resolver.validates()).isTrue();
    } finally {
      release.countDown();
      threads.shutdown();
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private long hanging() {
    return dns.queries().stream().filter(query -> query.name().startsWith("h")).count();
  }

  private static List<byte[]> after(CountDownLatch release, Message answer)
      throws InterruptedException {
    release.await();
    return List.of(answer.toWire());
  }

  @Test
  void wayWithoutSignaturesShouldMakeSignedDomainsWaitWhereThatIsSet() {
    DnsJavaResolver resolver = validating();
    stripEverything();

    assertThat(describe(a(resolver, "mx.good.test"))).isEqualTo("failed BOGUS");
    assertThat(resolver.validates()).isTrue();
    assertThat(resolver.trouble()).isPresent();
    assertThat(((DnsAnswer.Failed<?>) a(resolver, "mx.good.test")).failure())
        .isEqualTo(Failure.BOGUS);
  }
}
