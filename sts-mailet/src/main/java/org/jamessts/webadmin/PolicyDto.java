package org.jamessts.webadmin;

import java.util.List;
import org.jamessts.policy.KnownPolicy;

/**
 * A known policy as JSON.
 *
 * @param domain the policy domain
 * @param id of the TXT record that led to it
 * @param mode {@code enforce}, {@code testing} or {@code none}
 * @param mx its patterns
 * @param maxAgeSeconds {@code max_age}
 * @param fetchedAt RFC 3339
 * @param expiresAt RFC 3339
 * @param text as fetched
 */
record PolicyDto(
    String domain,
    String id,
    String mode,
    List<String> mx,
    long maxAgeSeconds,
    String fetchedAt,
    String expiresAt,
    String text) {

  static PolicyDto of(KnownPolicy known) {
    return new PolicyDto(
        known.domain().value(),
        known.id(),
        known.policy().mode().keyword(),
        known.policy().mx().stream().map(Object::toString).toList(),
        known.policy().maxAge().toSeconds(),
        known.fetchedAt().toString(),
        known.expiresAt().toString(),
        known.policy().text());
  }
}
