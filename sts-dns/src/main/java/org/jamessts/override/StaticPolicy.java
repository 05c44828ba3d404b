package org.jamessts.override;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;

/**
 * A policy that an operator wrote. It is spelled as a domain would publish it (RFC 8461 §3.2) and
 * read by the same parser, so that reports quote a text that means what was applied.
 */
final class StaticPolicy {

  /** No domain has so many hosts; and the text stays below what the parser reads. */
  static final int MAX_MX = 100;

  /** The largest of RFC 8461 §3.2. What ends an override is its {@code until}. */
  private static final long MAX_AGE_SECONDS = 31_557_600;

  private StaticPolicy() {}

  static StsPolicy of(StsMode mode, List<MxPattern> mx) {
    String hosts = mx.stream().map(host -> "mx: " + host + "\n").collect(Collectors.joining());
    String text =
        "version: STSv1\nmode: "
            + mode.keyword()
            + "\n"
            + hosts
            + "max_age: "
            + MAX_AGE_SECONDS
            + "\n";
    StsPolicyParse parse = StsPolicy.parse(text.getBytes(UTF_8));
    if (parse instanceof StsPolicyParse.Invalid invalid) {
      throw new IllegalArgumentException(invalid.reason());
    }
    return ((StsPolicyParse.Parsed) parse).policy();
  }

  /** Why these make no static policy. */
  static Optional<String> flaw(StsMode mode, List<MxPattern> mx) {
    if (mode == StsMode.NONE) {
      return Optional.of("mode none raises nothing; allowed is enforce or testing");
    }
    if (mx.isEmpty() || mx.size() > MAX_MX) {
      return Optional.of("it has " + mx.size() + " mx patterns; allowed are 1 to " + MAX_MX);
    }
    return mx.stream()
        .filter(pattern -> pattern.kind() == MxPattern.Kind.SUBDOMAINS)
        .findFirst()
        .map(pattern -> pattern + " is no pattern of RFC 8461; allowed are a host or *.domain");
  }
}
