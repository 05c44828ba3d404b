package org.jamessts.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.MxPattern.Kind;
import org.jamessts.mtasts.StsMode;
import org.jamessts.preload.PreloadList;
import org.jamessts.preload.PreloadListParse;
import org.jamessts.preload.PreloadListParse.Invalid;
import org.jamessts.preload.PreloadListParse.Parsed;
import org.jamessts.preload.PreloadedPolicy;

/** A preload list, version 0.1 of the STARTTLS Everywhere format. */
public final class PreloadListTarget {

  private static final BigInteger LAST_SECOND_OF_9999 = BigInteger.valueOf(253_402_300_799L);

  private static final Pattern SIGNED_ZERO = Pattern.compile(":\\s*-0\\s*[,}]");

  private PreloadListTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
  }

  static boolean reads(byte[] input) {
    PreloadListParse parse = PreloadList.parse(input);
    boolean plain = PlainJson.tree(input).filter(PreloadListTarget::isList).isPresent();
    if (parse instanceof Invalid invalid) {
      Claims.isReason(invalid.reason());
      // In a tree, -0 is 0; to the parser it has a sign.
      Claims.that(
          !plain || SIGNED_ZERO.matcher(new String(input, UTF_8)).find(),
          () -> "a list of the format: " + invalid.reason());
      return false;
    }
    PreloadList list = ((Parsed) parse).list();
    Claims.that(plain, () -> "no list of the format: " + list);
    list.policies().forEach((domain, policy) -> Claims.isCanonical(domain));
    list.policies().values().forEach(PreloadListTarget::keepsItsPromises);
    Claims.equal(PreloadList.parse(spelled(list).getBytes(UTF_8)), parse, "the list");
    return true;
  }

  private static void keepsItsPromises(PreloadedPolicy policy) {
    Claims.that(policy.mode() != StsMode.NONE, () -> "a policy that protects nothing: " + policy);
    Claims.that(!policy.mx().isEmpty() && policy.mx().size() <= 100, () -> "mx: " + policy);
    Claims.that(
        policy.mx().stream().noneMatch(pattern -> pattern.kind() == Kind.ONE_LABEL),
        () -> "one label only: " + policy);
    Claims.areCanonical(policy.mx());
  }

  /** A list that says the same, without aliases; moments may have fractions. */
  private static String spelled(PreloadList list) {
    return list.policies().entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\":" + spelled(entry.getValue()))
        .collect(
            Collectors.joining(
                ",",
                "{\"policies\":{",
                "},\"version\":\"0.1\",\"expires\":\""
                    + spelled(list.expires())
                    + "\",\"timestamp\":\""
                    + spelled(list.timestamp())
                    + "\"}"));
  }

  /** At the offset with which the year has four digits. */
  private static String spelled(Instant moment) {
    ZoneOffset offset = ZoneOffset.ofHours(moment.getEpochSecond() < 0 ? 18 : -18);
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment.atOffset(offset));
  }

  private static String spelled(PreloadedPolicy policy) {
    return policy.mx().stream()
        .map(MxPattern::toString)
        .collect(
            Collectors.joining(
                "\",\"", "{\"mode\":\"" + policy.mode().keyword() + "\",\"mxs\":[\"", "\"]}"));
  }

  private static boolean isList(JsonNode json) {
    JsonNode aliases = json.path("policy-aliases");
    return PlainJson.hasOnly(
            json,
            "timestamp",
            "expires",
            "version",
            "author",
            "pinsets",
            "policy-aliases",
            "policies")
        && isMoment(json.path("timestamp"))
        && isMoment(json.path("expires"))
        && PlainJson.isText(json.path("version"), "0.1"::equals)
        && (!json.has("author") || PlainJson.isText(json.get("author"), any -> true))
        && (!json.has("policy-aliases") || aliases.isObject())
        && every(aliases, PreloadListTarget::isPolicy)
        && arePolicies(json.path("policies"), aliases);
  }

  private static boolean arePolicies(JsonNode policies, JsonNode aliases) {
    Set<String> domains = new HashSet<>();
    policies.fieldNames().forEachRemaining(name -> HostNames.host(name).ifPresent(domains::add));
    return policies.isObject()
        && domains.size() == policies.size()
        && every(policies, entry -> isPolicy(entry) || isAlias(entry, aliases));
  }

  private static boolean isAlias(JsonNode entry, JsonNode aliases) {
    return PlainJson.hasOnly(entry, "policy-alias")
        && PlainJson.isText(entry.path("policy-alias"), aliases::has);
  }

  private static boolean isPolicy(JsonNode entry) {
    return PlainJson.hasOnly(entry, "mode", "mxs", "mta-sts", "report")
        && PlainJson.isText(entry.path("mode"), Set.of("enforce", "testing")::contains)
        && !entry.path("mxs").isEmpty()
        && entry.path("mxs").size() <= 100
        && PlainJson.areDistinct(entry.path("mxs"), PreloadListTarget::pattern)
        && (!entry.has("mta-sts") || entry.get("mta-sts").isBoolean());
  }

  private static Optional<String> pattern(String text) {
    return text.startsWith(".")
        ? HostNames.host(text.substring(1)).map(name -> "." + name)
        : HostNames.host(text);
  }

  private static boolean isMoment(JsonNode node) {
    return node.isIntegralNumber()
        ? node.bigIntegerValue().signum() >= 0
            && node.bigIntegerValue().compareTo(LAST_SECOND_OF_9999) <= 0
        : PlainJson.isMoment(node);
  }

  private static boolean every(JsonNode container, Predicate<JsonNode> holds) {
    for (JsonNode child : container) {
      if (!holds.test(child)) {
        return false;
      }
    }
    return true;
  }
}
