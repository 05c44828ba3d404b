package org.jamessts.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.FailureKind;
import org.jamessts.override.OverrideParse;
import org.jamessts.override.OverrideParse.Invalid;
import org.jamessts.override.OverrideParse.Parsed;

/** An override in JSON, as the package {@code override} shows it. */
public final class DomainOverrideTarget {

  private static final Set<String> KINDS =
      Arrays.stream(FailureKind.values()).map(FailureKind::keyword).collect(Collectors.toSet());

  private static final Set<String> MINIMUMS = Set.of("require-tls", "verified", "dane");

  private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

  private DomainOverrideTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
  }

  static boolean reads(byte[] input) {
    OverrideParse parse = DomainOverride.parse(input);
    boolean plain =
        input.length <= DomainOverride.MAX_OCTETS
            && PlainJson.tree(input).filter(DomainOverrideTarget::isOverride).isPresent();
    if (parse instanceof Invalid invalid) {
      Claims.isReason(invalid.reason());
      Claims.that(!plain, () -> "an override in the form shown: " + invalid.reason());
      return false;
    }
    DomainOverride override = ((Parsed) parse).override();
    Claims.that(plain, () -> "not in the form shown: " + override);
    keepsItsPromises(override);
    String json = override.toJson();
    Claims.that(json.lines().count() == 1, () -> "not one line: " + json);
    Claims.equal(DomainOverride.parse(json.getBytes(UTF_8)), parse, "the override in " + json);
    return true;
  }

  private static void keepsItsPromises(DomainOverride override) {
    Claims.isCanonical(override.pattern().name());
    Claims.that(
        override.minimum().isPresent()
            || override.staticPolicy().isPresent()
            || !override.exempt().isEmpty(),
        () -> "it says nothing: " + override);
    Claims.that(
        override.exempt().isEmpty() || override.until().isPresent(),
        () -> "an exemption without an end: " + override);
    if (override.staticPolicy().isPresent()) {
      StsPolicy policy = override.staticPolicy().get();
      Claims.that(policy.mode() != StsMode.NONE, () -> "a policy that raises nothing: " + override);
      Claims.that(StsPolicyTarget.reads(policy.text().getBytes(UTF_8)), () -> "bad " + policy);
    }
  }

  private static boolean isOverride(JsonNode json) {
    boolean exempts = !json.path("exempt").isEmpty();
    return PlainJson.hasOnly(json, "domain", "minimum", "policy", "exempt", "until", "comment")
        && PlainJson.isText(json.path("domain"), DomainOverrideTarget::isPattern)
        && (json.has("minimum") || json.has("policy") || exempts)
        && (json.has("until") || !exempts)
        && may(json, "minimum", node -> PlainJson.isText(node, MINIMUMS::contains))
        && may(json, "policy", DomainOverrideTarget::isPolicy)
        && may(json, "exempt", node -> PlainJson.areDistinct(node, DomainOverrideTarget::kind))
        && may(json, "until", DomainOverrideTarget::isUntil)
        && may(json, "comment", node -> PlainJson.isText(node, Comments::isComment));
  }

  private static boolean may(JsonNode json, String key, Predicate<JsonNode> holds) {
    return !json.has(key) || holds.test(json.get(key));
  }

  private static Optional<String> kind(String text) {
    return Optional.of(text).filter(KINDS::contains);
  }

  private static boolean isPattern(String text) {
    return HostNames.rooted(text.startsWith("*.") ? text.substring(2) : text).isPresent();
  }

  private static boolean isPolicy(JsonNode json) {
    return PlainJson.hasOnly(json, "mode", "mx")
        && PlainJson.isText(json.path("mode"), Set.of("enforce", "testing")::contains)
        && !json.path("mx").isEmpty()
        && json.path("mx").size() <= 100
        && PlainJson.areDistinct(json.path("mx"), HostNames::pattern);
  }

  /** A moment whose UTC has a year of four digits, so that it can be written. */
  private static boolean isUntil(JsonNode json) {
    if (!PlainJson.isMoment(json)) {
      return false;
    }
    Instant until = OffsetDateTime.parse(json.textValue()).toInstant();
    return !until.isBefore(YEAR_0) && until.isBefore(YEAR_10000);
  }
}
