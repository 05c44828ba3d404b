package org.jamessts.whatif;

import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * About whom somebody wants to know.
 *
 * @param scenario under which rules
 * @param domains about these; otherwise about those to which mail went lately
 * @param days what counts as lately, today included: mail of so many days, and sessions as evidence
 * @param port of the hosts, by which their TLSA records are found
 */
public record Question(Scenario scenario, Optional<List<DomainName>> domains, int days, int port) {

  /** How many domains are judged at most. */
  public static final int MAX_DOMAINS = 100_000;

  /** Longer than anything is kept that was counted. */
  public static final int MAX_DAYS = 90;

  /** Refuses more than is judged. */
  public Question {
    domains = domains.map(all -> all.stream().distinct().toList());
    if (domains.filter(all -> all.size() > MAX_DOMAINS).isPresent()) {
      throw new IllegalArgumentException("allowed are " + MAX_DOMAINS + " domains");
    }
    if (days < 1 || days > MAX_DAYS) {
      throw new IllegalArgumentException("allowed are 1 to " + MAX_DAYS + " days");
    }
  }
}
