package org.jamessts.webadmin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsMode;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.StoredPolicy;
import org.jamessts.policy.Strength;

/**
 * A known policy as JSON.
 *
 * @param domain the policy domain
 * @param source {@code mta-sts}, {@code sts1} (the draft of 2016) or {@code sts1-candidate}
 * @param id of the TXT record that led to it; empty where there is no such thing
 * @param mode {@code enforce}, {@code testing} or {@code none}; of the draft, {@code to=true}
 *     counts as the first and {@code to=false} as the second
 * @param mx its patterns
 * @param maxAgeSeconds for how long it was given
 * @param fetchedAt RFC 3339
 * @param expiresAt RFC 3339
 * @param usedAt when mail last went there, give or take an hour; null where the database has it not
 * @param refreshAt when it is fetched again; null likewise, and where nobody mails the domain
 * @param text as fetched
 */
public record PolicyDto(
    String domain,
    String source,
    String id,
    String mode,
    List<String> mx,
    long maxAgeSeconds,
    String fetchedAt,
    String expiresAt,
    Optional<String> usedAt,
    Optional<String> refreshAt,
    String text) {

  /**
   * The policy of a domain that is kept and holds: MTA-STS goes before the draft of 2016, and the
   * policy in force before a candidate.
   */
  public static Optional<PolicyDto> inForce(PolicyStore store, DomainName domain, Instant now) {
    return store.of(domain).stream()
        .filter(stored -> stored.policy().holdsAt(now))
        .findFirst()
        .map(PolicyDto::of);
  }

  static PolicyDto of(StoredPolicy stored) {
    KnownPolicy known = stored.policy();
    return new PolicyDto(
        known.domain().value(),
        known.slot().keyword(),
        known.id(),
        mode(known.strength()),
        known.mx().stream().map(Object::toString).toList(),
        Duration.between(known.fetchedAt(), known.expiresAt()).toSeconds(),
        known.fetchedAt().toString(),
        known.expiresAt().toString(),
        stored.usedAt().map(Instant::toString),
        stored.refreshAt().map(Instant::toString),
        known.text());
  }

  static String mode(Strength strength) {
    return switch (strength) {
      case ENFORCED -> StsMode.ENFORCE.keyword();
      case REPORTED -> StsMode.TESTING.keyword();
      case NOTHING -> StsMode.NONE.keyword();
    };
  }
}
