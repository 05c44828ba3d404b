package org.jamessts.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.Dnssec;
import org.jamessts.dns.DnssecAnchors;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guards;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * What BIND signs and serves, through our resolver in each of the ways in which it can be run. In
 * one of them BIND itself is who validates: its judgement has to be ours.
 */
@Tag("peers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BindDnssecTest {

  /** Who validates, and behind which recursive server. */
  enum Way {
    OURS_BEHIND_OBLIVIOUS,
    OURS_BEHIND_VALIDATING,
    THEIRS
  }

  @TempDir static Path directory;

  private Bind bind;
  private DnssecAnchors anchors;
  private InetSocketAddress oblivious;
  private InetSocketAddress validating;

  @BeforeAll
  void start() throws Exception {
    bind = Bind.in(directory);
    BindTree tree = BindTree.write(bind, BindZones.all());
    anchors = DnssecAnchors.parse(tree.trustAnchor());
    InetSocketAddress authority = tree.startAuthority();
    oblivious = tree.startOblivious(authority);
    validating = tree.startValidating(authority);
  }

  @AfterAll
  void stop() {
    if (bind != null) {
      bind.close();
    }
  }

  private InetSocketAddress server(Way way) {
    return way == Way.OURS_BEHIND_OBLIVIOUS ? oblivious : validating;
  }

  private DnsJavaResolver resolver(Way way) {
    Dnssec.Mode mode = way == Way.THEIRS ? Dnssec.Mode.TRUST_AD : Dnssec.Mode.VALIDATE;
    return new DnsJavaResolver(
        List.of(server(way)),
        new DnsJavaResolver.Settings(
            Duration.ofSeconds(10), 1000, new Dnssec(mode, Dnssec.OnUnable.DEFER, anchors)),
        Clock.systemUTC(),
        Guards.ALL);
  }

  private static DnsAnswer<?> ask(DnsJavaResolver resolver, String name, String type) {
    DomainName domain = new DomainName(name);
    return switch (type) {
      case "A" -> resolver.a(domain).answer();
      case "AAAA" -> resolver.aaaa(domain).answer();
      case "MX" -> resolver.mx(domain).answer();
      case "CNAME" -> resolver.cname(domain).answer();
      case "TLSA" -> resolver.tlsa(25, domain).answer();
      case "TXT" -> resolver.txt("_mta-sts", domain).answer();
      default -> throw new IllegalArgumentException(type);
    };
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

  /** In every signed zone alike; then what is different where a zone opts out. */
  private static final String IN_EACH_ZONE =
      """
      @            MX    found SECURE
      @            A     no data SECURE
      @            TXT   found SECURE
      mx           A     found SECURE
      mx           AAAA  no data SECURE
      mx           TLSA  found SECURE
      alias        A     found SECURE
      alias        AAAA  no data SECURE
      alias        CNAME found SECURE
      alias        TLSA  found SECURE
      mx           CNAME no data SECURE
      ent          A     no data SECURE
      b.ent        A     no data SECURE
      a.b.ent      A     found SECURE
      nothing      A     no name SECURE   | no name INSECURE
      a.nothing    A     no name SECURE   | no name INSECURE
      nothing      TLSA  no name SECURE   | no name INSECURE
      x.wild       A     found SECURE     | found INSECURE
      x.y.wild     A     found SECURE     | found INSECURE
      x.wild       AAAA  no data SECURE   | no data INSECURE
      x.wildalias  A     found SECURE     | found INSECURE
      services     TLSA  found SECURE     | found INSECURE
      across       A     found SECURE
      across       CNAME found SECURE
      gone         A     no name SECURE
      out          A     found INSECURE
      out          CNAME found SECURE
      outgone      A     no name INSECURE
      mx.dname     A     found SECURE
      mx.dname     CNAME found SECURE
      mx.dname     TLSA  found SECURE
      nothing.dname A    no name SECURE
      dname        A     no data SECURE
      mx.dnameout  A     found INSECURE
      mx.dnameout  CNAME found SECURE
      twice        A     found SECURE
      mx.plain     A     found INSECURE
      x.plain      A     no name INSECURE
      mx.plain     TLSA  no name INSECURE
      plain        MX    no data INSECURE
      mx.sub       A     found SECURE
      x.sub        A     no name SECURE
      """;

  private static final String ELSEWHERE =
      """
      mx.stray.test          A    found SECURE
      x.stray.test           A    no name SECURE
      mx.large.test          A    found SECURE
      x.large.test           A    no name SECURE
      mx.rolling.test        A    found SECURE
      x.rolling.test         A    no name SECURE
      mx.rollingold.test     A    found SECURE
      mx.rollingnew.test     A    found SECURE
      mx.prepublished.test   A    found SECURE
      x.prepublished.test    A    no name SECURE
      mx.rsasha512.test      A    found SECURE
      mx.ecdsap384sha384.test A   found SECURE
      mx.ed448.test          A    found SECURE
      mx.plain.test          A    found INSECURE
      mx.plain.test          AAAA no data INSECURE
      in.plain.test          A    found INSECURE
      mx.island.plain.test   A    found INSECURE
      mx.nods.test           A    found INSECURE
      x.nods.test            A    no name INSECURE
      nothing.test           A    no name INSECURE
      nothing                A    no name SECURE
      mx.forged.test         A    failed BOGUS
      mx.forged.test         AAAA no data SECURE
      mx.expired.test        A    failed BOGUS
      x.expired.test         A    failed BOGUS
      mx.otherkey.test       A    failed BOGUS
      toforged.other.test    A    failed BOGUS
      mx.slow.test           A    found SECURE
      """;

  static Stream<Arguments> names() {
    Stream<Stream<String>> rows =
        Stream.concat(
            BindZones.ALIKE.stream()
                .flatMap(zone -> IN_EACH_ZONE.lines().map(row -> in(zone, row))),
            ELSEWHERE.lines().map(row -> Stream.of(row.split(" +", 3))));
    return rows.map(Stream::toList)
        .flatMap(
            row ->
                Arrays.stream(Way.values())
                    .map(way -> arguments(row.get(0), row.get(1), row.get(2), way)));
  }

  private static Stream<String> in(String zone, String row) {
    String[] cells = row.split(" +", 3);
    String[] outcomes = cells[2].split(" +\\| +", 2);
    boolean optsOut = zone.equals(BindZones.OPT_OUT);
    return Stream.of(
        cells[0].equals("@") ? zone : cells[0] + "." + zone,
        cells[1],
        outcomes[optsOut ? outcomes.length - 1 : 0]);
  }

  @ParameterizedTest(name = "{1} of {0}: {2} ({3})")
  @MethodSource("names")
  void answerShouldSayWhatIsProven(String name, String type, String expected, Way way) {
    // A validator keeps from us what it finds bogus.
    String seen = way == Way.THEIRS ? expected.replace("BOGUS", "SERVER_FAILURE") : expected;
    DnsAnswer<?> answer = ask(resolver(way), name, type);
    assertThat(describe(answer)).as("%s", answer).isEqualTo(seen);
  }

  /** Our bound is lower than theirs (RFC 9276 §3.2). */
  @ParameterizedTest
  @EnumSource
  void denialWithManyIterationsShouldBeProofToThemAlone(Way way) {
    assertThat(describe(ask(resolver(way), "x.slow.test", "A")))
        .isEqualTo(way == Way.THEIRS ? "no name SECURE" : "no name INSECURE");
  }

  @Test
  void recordsBehindDnameShouldBeThoseOfTheZoneFile() {
    byte[] data = new byte[32];
    Arrays.fill(data, (byte) 0xab);
    DnsJavaResolver resolver = resolver(Way.OURS_BEHIND_OBLIVIOUS);
    assertThat(resolver.tlsa(25, new DomainName("mx.dname.nsec3.test")).answer())
        .isEqualTo(
            new DnsAnswer.Found<>(
                List.of(new TlsaRecord(3, 1, 1, data)),
                Security.SECURE,
                Optional.of("_25._tcp.mx.other.test")));
    assertThat(resolver.cname(new DomainName("mx.dname.nsec3.test")).answer())
        .isEqualTo(new DnsAnswer.Found<>(List.of("mx.other.test"), Security.SECURE));
  }

  /** Else the rows of that zone would show nothing about TCP. */
  @ParameterizedTest
  @EnumSource(names = "THEIRS", mode = EnumSource.Mode.EXCLUDE)
  void largeSetOfKeysShouldNotFitIntoDatagram(Way way) throws Exception {
    SimpleResolver datagrams = new SimpleResolver(server(way));
    datagrams.setIgnoreTruncation(true);
    datagrams.setEDNS(0, 1232, ExtendedFlags.DO, List.of());
    Record question = Record.newRecord(Name.fromString("large.test."), Type.DNSKEY, DClass.IN);
    assertThat(datagrams.send(Message.newQuery(question)).getHeader().getFlag(Flags.TC)).isTrue();
  }
}
