package org.jamessts.override;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.override.OverrideParse.Invalid;
import org.jamessts.override.OverrideParse.Parsed;
import org.jamessts.testing.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OverrideTest {

  private static final String FULL =
      "{\"domain\":\"*.example.com\",\"minimum\":\"verified\","
          + "\"policy\":{\"mode\":\"enforce\",\"mx\":[\"mx.example.com\",\"*.example.net\"]},"
          + "\"exempt\":[\"mx-mismatch\",\"certificate-expired\"],"
          + "\"until\":\"2026-12-01T00:00:00Z\",\"comment\":\"until they renewed it\"}";

  private static final DomainName DOMAIN = new DomainName("example.com");
  private static final DomainPattern PATTERN = new DomainPattern(false, DOMAIN);
  private static final Instant UNTIL = Instant.parse("2026-12-01T00:00:00Z");

  @Test
  void parseShouldReadEveryField() throws Exception {
    DomainOverride override = parsed(FULL);

    assertThat(override.pattern()).isEqualTo(DomainPattern.parse("*.example.com"));
    assertThat(override.minimum()).contains(Minimum.VERIFIED);
    assertThat(override.staticPolicy())
        .hasValueSatisfying(
            policy -> {
              assertThat(policy.mode()).isEqualTo(StsMode.ENFORCE);
              assertThat(policy.mx()).hasToString("[mx.example.com, *.example.net]");
            });
    assertThat(override.exempt())
        .containsOnly(FailureKind.MX_MISMATCH, FailureKind.CERTIFICATE_EXPIRED);
    assertThat(override.until()).contains(UNTIL);
    assertThat(override.comment()).isEqualTo("until they renewed it");
  }

  @ParameterizedTest
  @MethodSource
  void toJsonShouldWriteWhatWasRead(String json) {
    assertThat(parsed(json).toJson()).isEqualTo(json);
    assertThat(parsed(parsed(json).toJson())).isEqualTo(parsed(json));
  }

  static Stream<String> toJsonShouldWriteWhatWasRead() {
    return Stream.of(
        FULL,
        "{\"domain\":\"a.example\",\"minimum\":\"require-tls\"}",
        "{\"domain\":\"a.example\",\"policy\":{\"mode\":\"testing\",\"mx\":[\"mx\"]}}",
        "{\"domain\":\"*.a.example\",\"exempt\":[\"mx-mismatch\",\"starttls-not-supported\","
            + "\"tls-handshake-failed\",\"certificate-not-trusted\",\"certificate-expired\","
            + "\"certificate-host-mismatch\"],\"until\":\"2030-01-01T12:00:00.123456789Z\"}",
        "{\"domain\":\"a.example\",\"minimum\":\"verified\",\"comment\":\"\\\"\\\\/ ä € 𝄞 {}\"}");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void parseShouldAcceptOtherSpellings(String rule, String json, String canonical) {
    assertThat(parsed(json).toJson()).isEqualTo(canonical);
  }

  static Stream<Arguments> parseShouldAcceptOtherSpellings() {
    String plain = "{\"domain\":\"a.example\",\"minimum\":\"verified\"}";
    return Stream.of(
        arguments(
            "white space", "\n{ \"domain\" :\"a.example\",\t\"minimum\": \"verified\" }\n", plain),
        arguments("other order", "{\"minimum\":\"verified\",\"domain\":\"a.example\"}", plain),
        arguments("upper case in names", plain.replace("a.ex", "A.Ex"), plain),
        arguments("root dot", plain.replace("ple\"", "ple.\""), plain),
        arguments("escapes", plain.replace("verified", "\\u0076erified"), plain),
        arguments("nothing exempt", plain.replace("}", ",\"exempt\":[]}"), plain),
        arguments("empty comment", plain.replace("}", ",\"comment\":\"\"}"), plain),
        arguments(
            "another offset",
            plain.replace("}", ",\"until\":\"2026-12-01T01:00:00+01:00\"}"),
            plain.replace("}", ",\"until\":\"2026-12-01T00:00:00Z\"}")),
        arguments(
            "500 characters beyond 16 bits",
            plain.replace("}", ",\"comment\":\"" + "𝄞".repeat(500) + "\"}"),
            plain.replace("}", ",\"comment\":\"" + "𝄞".repeat(500) + "\"}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void parseShouldRefuseEverythingElseAndSayWhatIsAllowed(String rule, String json, String reason) {
    assertThat(json).isNotEqualTo(FULL);
    assertThat(DomainOverride.parse(json.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            Invalid.class, invalid -> assertThat(invalid.reason()).contains(reason));
  }

  static Stream<Arguments> parseShouldRefuseEverythingElseAndSayWhatIsAllowed() {
    return Stream.of(
        arguments("nothing", "", "it is empty"),
        arguments("no object", "[]", "allowed is an object"),
        arguments("two objects", FULL + FULL, "something follows the end"),
        arguments("no domain", with("\"domain\":\"*.example.com\",", ""), "it has no domain"),
        arguments(
            "domain null", with("\"*.example.com\"", "null"), "/domain: \"null\" is not allo"),
        arguments(
            "domain that is none",
            with("*.example.com", "*.exa mple"),
            "/domain: \"exa mple\" is not a domain name: a label is not 1 to 63 letters, digits or"
                + " inner hyphens, or the last is a number; allowed is a domain or *.domain"),
        arguments(
            "inner asterisk", with("*.example.com", "a.*.com"), "/domain: \"a.*.com\" is not"),
        arguments("only an asterisk", with("*.example.com", "*"), "/domain: \"*\" is not a domain"),
        arguments(
            "it says nothing",
            "{\"domain\":\"a.example\",\"until\":\"2026-12-01T00:00:00Z\",\"comment\":\"x\"}",
            "it says nothing; needed is at least one of minimum, policy, exempt"),
        arguments("it exempts nothing", "{\"domain\":\"a.example\",\"exempt\":[]}", "says nothing"),
        arguments(
            "exempt without an end",
            with(",\"until\":\"2026-12-01T00:00:00Z\"", ""),
            "exempt needs until"),
        arguments(
            "unknown minimum",
            with("verified", "encrypted"),
            "/minimum: \"encrypted\" is not allowed; allowed is require-tls or verified or dane"),
        arguments(
            "minimum in other case", with("verified", "VERIFIED"), "/minimum: \"VERIFIED\" i"),
        arguments("minimum as enum spells it", with("verified", "require_tls"), "/minimum: "),
        arguments(
            "mode none",
            with("enforce", "none"),
            "/policy: mode none raises nothing; allowed is enforce or testing"),
        arguments(
            "unknown mode",
            with("enforce", "report"),
            "/policy/mode: \"report\" is not allowed; allowed is enforce or testing or none"),
        arguments("no mode", with("\"mode\":\"enforce\",", ""), "/policy: it has no mode"),
        arguments(
            "no mx",
            with(",\"mx\":[\"mx.example.com\",\"*.example.net\"]", ""),
            "/policy: it has 0 mx patterns; allowed are 1 to 100"),
        arguments(
            "empty mx", with("\"mx.example.com\",\"*.example.net\"", ""), "/policy: it has 0 mx"),
        arguments(
            "101 mx", with("\"mx.example.com\"", names(100)), "/policy/mx/100: there are mor"),
        arguments(
            "mx with a leading dot",
            with("*.example.net", ".example.net"),
            "/policy/mx/1: \".example.net\" is not a domain name"),
        arguments(
            "mx with a root dot", with("mx.example.com", "mx.example.com."), "/policy/mx/0: "),
        arguments(
            "mx that is an address", with("mx.example.com", "192.0.2.1"), "/policy/mx/0: \"1"),
        arguments(
            "mx twice", with("*.example.net", "MX.example.com"), "mx/1: mx.example.com is the"),
        arguments("mx as text", with("[\"mx.example.com\",\"*.example.net\"]", "\"mx\""), "/mx: "),
        arguments(
            "policy as text", with("{\"mode\"", "\"STSv1\",\"x\":{\"mode\""), "/policy: \"STS"),
        arguments(
            "unknown key in a policy", with("\"mx\":", "\"mxs\":"), "/policy/mxs: \"mxs\" is no"),
        arguments("max_age", with("\"mx\":", "\"max_age\":1,\"mx\":"), "/policy/max_age: "),
        arguments(
            "unknown failure",
            with("mx-mismatch", "anything"),
            "/exempt/0: \"anything\" is not allowed; allowed is mx-mismatch or starttls-not-support"),
        arguments(
            "failure twice", with("mx-mismatch", "certificate-expired"), "/exempt/1: certific"),
        arguments(
            "exempt as text", with("[\"mx-mismatch\",\"certificate-expired\"]", "\"*\""), "/ex"),
        arguments(
            "exempt null", with("[\"mx-mismatch\",\"certificate-expired\"]", "null"), "/exempt"),
        arguments(
            "until without an offset", with("00Z", "00"), "/until: \"2026-12-01T00:00:00\" is"),
        arguments("until as a date", with("T00:00:00Z", ""), "allowed is a moment by RFC 3339"),
        arguments(
            "until as a number", with("\"2026-12-01T00:00:00Z\"", "1"), "/until: \"1\" is not"),
        arguments(
            "until null", with("\"2026-12-01T00:00:00Z\"", "null"), "/until: \"null\" is not"),
        arguments(
            "until in the year 10000",
            with("2026-12-01T00:00:00Z", "9999-12-31T23:00:00-01:00"),
            "until is not in the years 0000 to 9999 of UTC"),
        arguments(
            "until in the year before 0000",
            with("2026-12-01T00:00:00Z", "0000-01-01T00:00:00+01:00"),
            "until is not in the years 0000 to 9999 of UTC"),
        arguments(
            "501 characters",
            with("until they renewed it", "x".repeat(501)),
            "/comment: the comment has 501 characters; allowed are 500"),
        arguments(
            "line end in a comment", with("they", "\\n"), "/comment: the comment has a chara"),
        arguments("NUL in a comment", with("they", "\\u0000"), "/comment: the comment has a chara"),
        arguments("ESC in a comment", with("they", "\\u001b"), "is not printable"),
        arguments("C1 control in a comment", with("they", "\u0085"), "is not printable"),
        arguments("line separator in a comment", with("they", "\u2028"), "is not printable"),
        arguments("right to left in a comment", with("they", "\u202e"), "is not printable"),
        arguments("byte order mark in a comment", with("they", "\ufeff"), "is not printable"),
        arguments("private use in a comment", with("they", "\ue000"), "is not printable"),
        arguments("half a surrogate pair", with("they", "\\ud834"), "has half of a surrogate pair"),
        arguments("comment as a number", with("\"until they renewed it\"", "7"), "/comment: \"7\""),
        arguments(
            "unknown key", with("comment", "note"), "/note: \"note\" is not a known key; allow"),
        arguments(
            "key in other case", with("minimum", "Minimum"), "/Minimum: \"Minimum\" is not a"),
        arguments(
            "duplicate key",
            with("\"minimum\"", "\"domain\":\"a.example\",\"minimum\""),
            "/domain: it is not JSON: Duplicate field 'domain'"),
        arguments(
            "duplicate key inside", with("\"mx\":", "\"mode\":\"none\",\"mx\":"), "/policy/mode"),
        arguments(
            "deep nesting", with("\"verified\"", "[".repeat(60_000)), "/minimum: \"[\" is not"),
        arguments("over 64 KiB", FULL + " ".repeat(65_536), "octets; allowed are 65536"));
  }

  @Test
  void parseShouldAccept100PatternsAndKeepTheTextOfThePolicyReadable() {
    DomainOverride override = parsed(with("\"*.example.net\"", names(99)));

    StsPolicy policy = override.staticPolicy().orElseThrow();
    assertThat(policy.mx()).hasSize(100);
    assertThat(StsPolicy.parse(policy.text().getBytes(UTF_8)))
        .isEqualTo(new StsPolicyParse.Parsed(policy));
  }

  @Test
  void parseShouldAcceptATextOf65536Octets() {
    String full = FULL + " ".repeat(65_536 - FULL.length());

    assertThat(parsed(full)).isEqualTo(parsed(FULL));
    assertThat(DomainOverride.parse((full + " ").getBytes(UTF_8)))
        .isEqualTo(new Invalid("it has 65537 octets; allowed are 65536"));
  }

  @Test
  void parseShouldGiveAnOverrideOrAReasonForWhateverIsSent() {
    long parsed =
        Mutations.of(FULL.getBytes(UTF_8), 3)
            .limit(30_000)
            .map(DomainOverride::parse)
            .filter(
                parse -> {
                  if (parse instanceof Invalid invalid) {
                    assertThat(invalid.reason()).hasSizeLessThan(800).matches("[\\x20-\\x7e]+");
                  }
                  return parse instanceof Parsed p
                      && p.equals(DomainOverride.parse(p.override().toJson().getBytes(UTF_8)));
                })
            .count();

    assertThat(parsed).isBetween(1_000L, 29_000L);
  }

  @Test
  void appliesAtShouldEndAtUntil() {
    DomainOverride override = parsed(FULL);

    assertThat(override.appliesAt(UNTIL.minusNanos(1))).isTrue();
    assertThat(override.appliesAt(UNTIL)).isFalse();
    assertThat(parsed(toJsonShouldWriteWhatWasRead().skip(1).findFirst().orElseThrow()).until())
        .isEmpty();
  }

  @Test
  void constructorShouldSpellThePolicyAnew() {
    StsPolicy fetched =
        new StsPolicy(
            StsMode.ENFORCE,
            List.of(new MxPattern(MxPattern.Kind.HOST, DOMAIN)),
            Duration.ZERO,
            "text from elsewhere");

    StsPolicy policy = override(Optional.of(fetched), Set.of(), "").staticPolicy().orElseThrow();

    assertThat(policy.text())
        .isEqualTo("version: STSv1\nmode: enforce\nmx: example.com\nmax_age: 31557600\n");
    assertThat(policy.maxAge()).hasSeconds(31_557_600);
  }

  @Test
  void constructorShouldRefuseWhatNoTextCouldSay() {
    MxPattern dotted = MxPattern.subdomainsOf(DOMAIN);
    MxPattern host = new MxPattern(MxPattern.Kind.HOST, DOMAIN);
    StsPolicy policy = new StsPolicy(StsMode.ENFORCE, List.of(dotted), Duration.ZERO, "");
    StsPolicy good = new StsPolicy(StsMode.ENFORCE, List.of(host), Duration.ZERO, "");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> override(Optional.of(policy), Set.of(), ""))
        .withMessage(".example.com is no pattern of RFC 8461; allowed are a host or *.domain");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> override(Optional.empty(), EnumSet.allOf(FailureKind.class), ""))
        .withMessageStartingWith("exempt needs until");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> override(Optional.empty(), Set.of(), ""))
        .withMessageStartingWith("it says nothing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> override(Optional.of(good), Set.of(), "\0"))
        .withMessage("the comment has a character that is not printable");
  }

  private static DomainOverride override(
      Optional<StsPolicy> policy, Set<FailureKind> exempt, String comment) {
    return new DomainOverride(PATTERN, Optional.empty(), policy, exempt, Optional.empty(), comment);
  }

  static DomainOverride parsed(String json) {
    OverrideParse parse = DomainOverride.parse(json.getBytes(UTF_8));
    assertThat(parse).isInstanceOf(Parsed.class);
    return ((Parsed) parse).override();
  }

  private static String with(String old, String replacement) {
    return FULL.replace(old, replacement);
  }

  private static String names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"mx" + i + ".example\"")
        .collect(Collectors.joining(","));
  }

  @Test
  void endMayBeSaidBesideTheText() {
    byte[] json = "{\"domain\":\"a.example\",\"exempt\":[\"mx-mismatch\"]}".getBytes(UTF_8);

    assertThat(DomainOverride.parse(json)).isInstanceOf(Invalid.class);
    assertThat(DomainOverride.parse(json, Optional.of(UNTIL)))
        .isInstanceOfSatisfying(
            Parsed.class, parsed -> assertThat(parsed.override().until()).contains(UNTIL));
    assertThat(DomainOverride.parse(FULL.getBytes(UTF_8), Optional.of(UNTIL)))
        .isInstanceOfSatisfying(
            Invalid.class, invalid -> assertThat(invalid.reason()).contains("allowed is one"));
  }
}
