package org.jamessts.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a zone of a {@link PrivateDns} is signed.
 *
 * @param keys its DNSKEY RRset
 * @param denial how it proves that something does not exist
 * @param inception when its signatures begin to hold
 * @param expiration when they cease to hold
 * @param delegated whether its parent has a DS RRset for it
 */
public record Signing(
    List<ZoneKey> keys, Denial denial, Instant inception, Instant expiration, boolean delegated) {

  private static final Duration LIFE = Duration.ofDays(30);

  /** Copies the list. */
  public Signing {
    keys = List.copyOf(keys);
  }

  /** One key of ECDSAP256SHA256, NSEC, valid from yesterday for a month, with DS in the parent. */
  public static Signing standard() {
    Instant yesterday = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));
    return new Signing(
        List.of(ZoneKey.csk(KeyAlgorithm.ECDSAP256SHA256)),
        Denial.NSEC,
        yesterday,
        yesterday.plus(LIFE),
        true);
  }

  /** The same with these keys instead. */
  public Signing withKeys(ZoneKey... others) {
    return new Signing(List.of(others), denial, inception, expiration, delegated);
  }

  /** The DS of a zone that is signed so, as lines of a master file. */
  public String ds(String zone) {
    return ZoneTree.ds(DnsText.name(zone), this).stream()
        .map(Object::toString)
        .collect(Collectors.joining("\n"));
  }

  /** The same with so many large keys more, none of which signs anything. */
  public Signing withStandbyKeys(int count) {
    List<ZoneKey> more = new ArrayList<>(keys);
    for (int number = 1; number <= count; number++) {
      more.add(ZoneKey.standby(number));
    }
    return new Signing(more, denial, inception, expiration, delegated);
  }

  /** The same with another way of denial. */
  public Signing withDenial(Denial other) {
    return new Signing(keys, other, inception, expiration, delegated);
  }

  /** The same, with signatures that hold from then to then, in whole seconds. */
  public Signing valid(Instant from, Instant until) {
    return new Signing(keys, denial, from, until, delegated);
  }

  /** The same, with signatures that held until an hour ago. */
  public Signing expired() {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(1));
    return valid(end.minus(LIFE), end);
  }

  /** The same, with signatures that will hold in an hour. */
  public Signing notYetValid() {
    Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(1));
    return valid(begin, begin.plus(LIFE));
  }

  /** The same without DS in the parent: an island, which nobody can validate (RFC 4033 §2). */
  public Signing withoutDs() {
    return new Signing(keys, denial, inception, expiration, false);
  }
}
