package org.jamessts.preload;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * A list of policies that somebody collected and vouches for.
 *
 * @param timestamp when it was made; never goes back from one list to the next
 * @param expires from when on it says nothing any more
 * @param policies by mail domain; one for {@code example.com} says nothing about its subdomains
 */
public record PreloadList(
    Instant timestamp, Instant expires, Map<DomainName, PreloadedPolicy> policies) {

  /** The largest text that is read: 64 MiB, which holds about a million domains. */
  public static final int MAX_OCTETS = 64 * 1024 * 1024;

  public PreloadList {
    // Not Map.copyOf: with names that collide on purpose its look-ups become slow, these do not.
    policies = Collections.unmodifiableMap(new HashMap<>(policies));
  }

  /**
   * Reads the text of a list.
   *
   * @param json in UTF-8
   * @return the list, or what is wrong with it; nothing is thrown
   */
  public static PreloadListParse parse(byte[] json) {
    return PreloadListParser.parse(json);
  }

  /** Whether the list has not expired at a moment. */
  public boolean holdsAt(Instant now) {
    return now.isBefore(expires);
  }

  /** What the list says about a domain at a moment; nothing once it has expired. */
  public Optional<PreloadedPolicy> find(DomainName domain, Instant now) {
    return holdsAt(now) ? Optional.ofNullable(policies.get(domain)) : Optional.empty();
  }
}
