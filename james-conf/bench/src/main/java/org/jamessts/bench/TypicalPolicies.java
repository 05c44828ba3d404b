package org.jamessts.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownMtaStsPolicy;

/**
 * Policies as most domains publish them: two hosts, 110 octets, kept for a week. They have numbers;
 * neither the order of their domains nor that of their fetches is that of the numbers.
 */
public final class TypicalPolicies {

  static final String ID = "20261124000000Z";

  private static final int MILLIS_OF_DAY = 86_400_000;

  private TypicalPolicies() {}

  /** Another object at each call, as every mail brings its own. */
  static DomainName domain(int number) {
    try {
      return DomainName.parse(domainText(number));
    } catch (InvalidDomainNameException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String domainText(int number) {
    return "d%08x.example".formatted(shuffled(number));
  }

  /** A policy that was fetched in the day before a moment. */
  public static KnownMtaStsPolicy policy(int number, Instant before) {
    Duration age = Duration.ofMillis(Integer.remainderUnsigned(shuffled(~number), MILLIS_OF_DAY));
    return fetched(number, before.minus(age));
  }

  /** A policy that was fetched at a moment. */
  public static KnownMtaStsPolicy fetched(int number, Instant at) {
    return new KnownMtaStsPolicy(domain(number), ID, parse(number), at);
  }

  private static StsPolicy parse(int number) {
    String text =
        """
        version: STSv1
        mode: enforce
        mx: mx1.mail.%1$s
        mx: *.mx-backup.%1$s
        max_age: 604800
        """
            .formatted(domainText(number));
    StsPolicyParse parse = StsPolicy.parse(text.getBytes(UTF_8));
    return ((StsPolicyParse.Parsed) parse).policy();
  }

  /** Another number for each number: an odd factor loses nothing. */
  private static int shuffled(int number) {
    int mixed = number * 0x9e3779b1;
    return (mixed ^ (mixed >>> 15)) * 0x85ebca6b;
  }
}
