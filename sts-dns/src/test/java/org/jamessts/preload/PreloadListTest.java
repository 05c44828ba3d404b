package org.jamessts.preload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.preload.PreloadListParse.Invalid;
import org.jamessts.preload.PreloadListParse.Parsed;
import org.jamessts.testing.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreloadListTest {

  private static final String GOOD =
      """
      {"timestamp": 1700000000, "expires": "2100-01-01T00:00:00Z", "version": "0.1",
       "policy-aliases": {"big": {"mode": "enforce", "mxs": [".big.example"]}},
       "policies": {"a.example": {"mode": "testing", "mxs": ["mx.a.example"]},
                    "b.example": {"policy-alias": "big"}}}
      """;

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void parseShouldReadTheSample() throws IOException {
    PreloadList list = parsed(sample());

    assertThat(list.timestamp()).isEqualTo("2026-11-20T07:00:00Z");
    assertThat(list.expires()).isEqualTo(Instant.ofEpochSecond(2_090_000_000));
    assertThat(shown(list))
        .containsOnly(
            Map.entry("bigpost.example", "enforce [.mx.bigpost.example]"),
            Map.entry("customer.example", "enforce [.mx.bigpost.example]"),
            Map.entry(
                "university.example", "enforce [mx1.university.example, mx2.university.example]"),
            Map.entry("bakery.example", "testing [.bakery.example, backup-mx.bigpost.example]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void parseShouldAcceptWhatTheFormatAllows(String rule, String text) {
    assertThat(shown(parsed(text.getBytes(UTF_8))))
        .containsOnly(
            Map.entry("a.example", "testing [mx.a.example]"),
            Map.entry("b.example", "enforce [.big.example]"));
  }

  static Stream<Arguments> parseShouldAcceptWhatTheFormatAllows() {
    return Stream.of(
        arguments("the plain text", GOOD),
        arguments("an author", GOOD.replace("{\"time", "{\"author\": \"Ä\", \"time")),
        arguments(
            "aliases after policies",
            GOOD.replaceAll("(?s)( \"policy-al.*?)\\}\\},(.*)\\}", "$2, $1}}}")),
        arguments("names in upper case", GOOD.replace("a.exa", "A.EXA").replace(".big", ".BIG")),
        arguments(
            "mta-sts is passed over", GOOD.replace("\"mode\"", "\"mta-sts\": true, \"mode\"")),
        arguments(
            "report is passed over",
            GOOD.replace("\"mode\"", "\"report\": [\"mailto:a@b.example\"], \"mode\"")),
        arguments(
            "pinsets without a pin are passed over",
            GOOD.replace("\"version\"", "\"pinsets\": {\"a\": {\"b\": [\"c\"]}}, \"version\"")),
        arguments("it has expired", GOOD.replace("2100", "2020")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void parseShouldRefuseEverythingElseAndSayWhereAndWhy(String rule, String text, String reason) {
    assertThat(text).isNotEqualTo(GOOD);
    assertThat(PreloadList.parse(text.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            Invalid.class, invalid -> assertThat(invalid.reason()).contains(reason));
  }

  static Stream<Arguments> parseShouldRefuseEverythingElseAndSayWhereAndWhy() {
    return Stream.of(
        arguments("no JSON", "-----BEGIN PGP SIGNED MESSAGE-----", "it is not JSON"),
        arguments("no object", "[]", "allowed is an object"),
        arguments("nothing", "", "it is empty"),
        arguments("text after the end", GOOD + GOOD, "something follows the end"),
        arguments("no timestamp", without("timestamp"), "it has no timestamp"),
        arguments("no expires", without("expires"), "it has no expires"),
        arguments("no version", without("version"), "it has no version"),
        arguments("no policies", "{\"version\": \"0.1\"}", "it has no policies"),
        arguments("version 0.2", with("0.1", "0.2"), "/version: \"0.2\" is not allowed; allowed i"),
        arguments("version as a number", with("\"0.1\"", "0.1"), "/version: \"0.1\" is not"),
        arguments("timestamp below 0", with("1700000000", "-1"), "/timestamp: \"-1\" is not"),
        arguments("timestamp as a fraction", with("1700000000", "1.7e9"), "/timestamp: \"1.7e9\""),
        arguments("timestamp that is huge", with("1700000000", "9".repeat(40)), "/timestamp: "),
        arguments("timestamp null", with("1700000000", "null"), "/timestamp: \"null\" is not"),
        arguments("expires without an offset", with("00Z", "00"), "/expires: \"2100-01-01T00:00"),
        arguments("expires on 30 February", with("01-01T", "02-30T"), "/expires: "),
        arguments("unknown key", with("version", "x"), "/x: \"x\" is not a known key; allowed are"),
        arguments("signature inside", with("{\"time", "{\"sig\": 1, \"time"), "/sig: \"sig\" is"),
        arguments("author that is no text", with("{\"time", "{\"author\":{},\"time"), "/author: "),
        arguments(
            "duplicate key", with("{\"time", "{\"version\":\"0.1\",\"time"), "/version: it i"),
        arguments("duplicate domain", with("b.example\": {", "a.example\": {"), "Duplicate field"),
        arguments(
            "duplicate domain in other case",
            with("b.example\": {", "A.Example\": {"),
            "/policies/A.Example: a.example is listed already"),
        arguments(
            "duplicate domain whose alias is not known yet",
            GOOD.replaceAll("(?s)( \"policy-al.*?)\\}\\},(.*)\\}", "$2, $1}}}")
                .replace("\"b.ex", "\"B.example\": {\"policy-alias\": \"big\"}, \"b.ex"),
            "/policies/b.example: b.example is listed already"),
        arguments("domain that is none", with("a.example\"", "a b\""), "/policies/a b: \"a b\" is"),
        arguments("domain with underscore", with("\"a.ex", "\"_a.ex"), "/policies/_a.example: "),
        arguments("domain with a root dot", with("\"a.example\"", "\"a.example.\""), "with a dot"),
        arguments("wildcard domain", with("\"a.ex", "\"*.ex"), "/policies/*.example: "),
        arguments("domain that is an address", with("\"a.example\"", "\"192.0.2.1\""), "/policies"),
        arguments("domain with NUL", with("\"a.ex", "\"\\u0000.ex"), "/policies/?.example: \"?.ex"),
        arguments("policies as an array", with("{\"a.ex", "[\"a.ex"), "/policies: \"[\" is not"),
        arguments(
            "policy-aliases as an array", with("{\"big\": {", "[\"big\", {"), "-aliases: \"[\""),
        arguments(
            "policy as an array",
            with("{\"policy-alias\": \"big\"}", "[\"policy-alias\", \"big\"]"),
            "/policies/b.example: \"[\" is not allowed; allowed is an object"),
        arguments("policy that is text", with("{\"policy-alias\": \"big\"}", "\"big\""), "/polici"),
        arguments("empty policy", with("\"policy-alias\": \"big\"", ""), "/policies/b.example: it"),
        arguments("no mode", with("\"mode\": \"testing\", ", ""), "/policies/a.example: it needs"),
        arguments("no mxs", with(", \"mxs\": [\"mx.a.example\"]", ""), "a.example: it needs mode"),
        arguments("empty mxs", with("[\"mx.a.example\"]", "[]"), "/policies/a.example: it needs m"),
        arguments(
            "mode none",
            with("testing", "none"),
            "/policies/a.example/mode: \"none\" is not allowed; allowed is enforce or testing"),
        arguments(
            "mode in other case", with("testing", "Testing"), "/policies/a.example/mode: \"T"),
        arguments("mxs as text", with("[\"mx.a.example\"]", "\"mx.a.example\""), "/mxs: \"mx.a"),
        arguments("mx that is no text", with("\"mx.a.example\"", "1"), "/a.example/mxs/0: \"1\" i"),
        arguments("mx with an asterisk", with("mx.a", "*.a"), "a.example/mxs/0: \"*.a.example\" i"),
        arguments("mx with two dots", with("mx.a.ex", "..a.ex"), "/mxs/0: \".a.example\" is not"),
        arguments("mx that is a dot", with("mx.a.example", "."), "/policies/a.example/mxs/0: "),
        arguments("mx with a root dot", with("mx.a.example", "mx.a.example."), "ends with a dot"),
        arguments("suffix with a root dot", with("\".big.example", "\".big.example."), "/mxs/0: "),
        arguments(
            "mx twice",
            with("\"mx.a.example\"", "\"mx.a.example\", \"MX.a.example\""),
            "/policies/a.example/mxs/1: mx.a.example is listed already"),
        arguments("101 mxs", with("\"mx.a.example\"", names(101)), "mxs/100: there are more than"),
        arguments(
            "unknown key in a policy", with("mxs\": [\"mx", "mx\": [\"mx"), "example/mx: \"mx"),
        arguments(
            "mta-sts that is no flag", with("\"mxs\"", "\"mta-sts\": 1, \"mxs\""), "/mta-sts"),
        arguments(
            "pin",
            with("\"mxs\"", "\"pin\": \"eff\", \"mxs\""),
            "/policy-aliases/big/pin: pinned certificates are not supported"),
        arguments(
            "mode beside an alias",
            with("\"policy-alias\": \"big\"", "\"policy-alias\": \"big\", \"mode\": \"testing\""),
            "/policies/b.example: nothing may stand beside policy-alias"),
        arguments(
            "pin beside an alias",
            with("\"policy-alias\": \"big\"", "\"policy-alias\": \"big\", \"pin\": \"eff\""),
            "/policies/b.example/pin: pinned"),
        arguments(
            "alias that nobody has",
            with("\"policy-alias\": \"big\"", "\"policy-alias\": \"bug\""),
            "/policies/b.example: there is no policy-alias \"bug\""),
        arguments(
            "alias of an alias",
            with("\"big\": {", "\"bug\": {\"policy-alias\": \"big\"}, \"big\": {"),
            "/policy-aliases/bug: an alias may not name another"),
        arguments(
            "pinsets too deep", with("{\"time", "{\"pinsets\":" + "[".repeat(20)), "16 deep"));
  }

  @Test
  void parseShouldAccept100Patterns() {
    PreloadList list = parsed(with("\"mx.a.example\"", names(100)).getBytes(UTF_8));

    assertThat(list.find(name("a.example"), NOW))
        .hasValueSatisfying(policy -> assertThat(policy.mx()).hasSize(100));
  }

  @Test
  void parseShouldKeepEqualPoliciesAsOneObject() {
    String same = "{\"mode\": \"enforce\", \"mxs\": [\".big.example\"]}";
    Map<DomainName, PreloadedPolicy> policies =
        parsed(with("\"b.ex", "\"c.example\":" + same + ", \"b.ex").getBytes(UTF_8)).policies();

    assertThat(policies.get(name("c.example"))).isSameAs(policies.get(name("b.example")));
  }

  @Test
  void parseShouldRefuseATextOverTheBound() {
    byte[] full = new byte[PreloadList.MAX_OCTETS];
    Arrays.fill(full, (byte) ' ');

    assertThat(PreloadList.parse(full)).isEqualTo(new Invalid("it is empty"));
    assertThat(PreloadList.parse(new byte[PreloadList.MAX_OCTETS + 1]))
        .isEqualTo(new Invalid("it has 67108865 octets, over 67108864"));
  }

  @Test
  void parseShouldGiveAListOrAReasonForWhateverIsSent() throws IOException {
    long parsed =
        Mutations.of(sample(), 1)
            .limit(30_000)
            .map(PreloadList::parse)
            .filter(
                parse -> {
                  if (parse instanceof Invalid invalid) {
                    assertThat(invalid.reason()).hasSizeLessThan(700).matches("[\\x20-\\x7e]+");
                  }
                  return parse instanceof Parsed;
                })
            .count();

    // Both happen, so the mutations are neither all harmless nor all of one kind.
    assertThat(parsed).isBetween(1_000L, 29_000L);
  }

  @Test
  void findShouldSayNothingFromTheMomentOfExpiry() {
    PreloadList list = parsed(GOOD.getBytes(UTF_8));
    DomainName domain = name("a.example");

    assertThat(list.find(domain, list.expires().minusNanos(1))).isPresent();
    assertThat(list.find(domain, list.expires())).isEmpty();
  }

  @Test
  void findShouldMatchTheDomainAloneAndNoneAboveOrBelow() {
    PreloadList list = parsed(GOOD.getBytes(UTF_8));

    assertThat(list.find(name("a.example"), NOW))
        .contains(
            new PreloadedPolicy(
                StsMode.TESTING,
                List.of(new MxPattern(MxPattern.Kind.HOST, name("mx.a.example")))));
    assertThat(list.find(name("lists.a.example"), NOW)).isEmpty();
    assertThat(list.find(name("example"), NOW)).isEmpty();
  }

  @Test
  void aPolicyShouldNotBeMadeThatProtectsNothing() {
    List<MxPattern> mx = List.of(MxPattern.subdomainsOf(name("a.example")));

    assertThatThrownBy(() -> new PreloadedPolicy(StsMode.NONE, mx))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PreloadedPolicy(StsMode.ENFORCE, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static byte[] sample() throws IOException {
    try (InputStream in = PreloadListTest.class.getResourceAsStream("policy.json")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static PreloadList parsed(byte[] text) {
    PreloadListParse parse = PreloadList.parse(text);
    assertThat(parse).isInstanceOf(Parsed.class);
    return ((Parsed) parse).list();
  }

  private static Map<String, String> shown(PreloadList list) {
    return list.policies().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().value(),
                entry -> entry.getValue().mode().keyword() + " " + entry.getValue().mx()));
  }

  private static String with(String old, String replacement) {
    return GOOD.replace(old, replacement);
  }

  private static String without(String key) {
    return GOOD.replaceFirst("\"" + key + "\": [^,]*, ?", "");
  }

  private static String names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"mx" + i + ".example\"")
        .collect(Collectors.joining(", "));
  }

  private static DomainName name(String text) {
    return new DomainName(text);
  }
}
