package org.jamessts.dns;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Finds the hosts that accept mail for a domain, in the order in which to try them (RFC 5321 §5.1).
 * It looks at MX records only: whether a host has an address is a question for {@link
 * HostAddresses}, also of an implicit MX.
 */
public final class MxHosts {

  /** Hosts kept, best first. Large providers list about ten; nobody's mail needs the fiftieth. */
  private static final int MAX_HOSTS = 50;

  /** Bad records that a message names. */
  private static final int MAX_SHOWN = 3;

  private final Resolver resolver;
  private final Random random;

  /**
   * Finder of hosts.
   *
   * @param resolver asks for the MX records
   * @param random shuffles hosts of equal preference, which spreads the load (RFC 5321 §5.1)
   */
  public MxHosts(Resolver resolver, Random random) {
    this.resolver = resolver;
    this.random = random;
  }

  /**
   * Where the mail of a domain goes. A failure is a value; nothing is thrown for what the DNS said.
   */
  public MxLookup lookup(DomainName domain) {
    DnsAnswer<MxRecord> answer = resolver.mx(domain).answer();
    if (answer instanceof DnsAnswer.Found<MxRecord> found) {
      return ofRecords(found);
    }
    if (answer instanceof DnsAnswer.Absent<MxRecord> absent) {
      return absent.nameExists()
          ? new MxLookup.Hosts(
              List.of(new MxHost(domain, 0)), true, absent.security(), Optional.empty())
          : new MxLookup.NoSuchDomain();
    }
    DnsAnswer.Failed<MxRecord> failed = (DnsAnswer.Failed<MxRecord>) answer;
    return new MxLookup.Failed(failed.failure(), failed.detail());
  }

  private MxLookup ofRecords(DnsAnswer.Found<MxRecord> found) {
    Map<DomainName, Integer> preferences = new LinkedHashMap<>();
    List<String> bad = new ArrayList<>();
    for (MxRecord mx : found.records()) {
      if (isRoot(mx)) {
        // "No mail here" beside real hosts contradicts them: the hosts are believed.
        continue;
      }
      try {
        preferences.merge(DomainName.parse(mx.exchange()), mx.preference(), Math::min);
      } catch (InvalidDomainNameException e) {
        bad.add(String.valueOf(e.getMessage()));
      }
    }
    if (!preferences.isEmpty()) {
      return new MxLookup.Hosts(ordered(preferences), false, found.security(), found.aliasHost());
    }
    return bad.isEmpty() ? new MxLookup.NullMx() : new MxLookup.Unusable(describe(bad));
  }

  private List<MxHost> ordered(Map<DomainName, Integer> preferences) {
    List<MxHost> hosts = new ArrayList<>();
    preferences.forEach((name, preference) -> hosts.add(new MxHost(name, preference)));
    Collections.shuffle(hosts, random);
    // The sort is stable: equal preferences stay shuffled.
    hosts.sort(Comparator.comparingInt(MxHost::preference));
    return hosts.subList(0, Math.min(hosts.size(), MAX_HOSTS));
  }

  private static boolean isRoot(MxRecord mx) {
    return mx.exchange().isEmpty();
  }

  private static String describe(List<String> bad) {
    String shown = String.join("; ", bad.subList(0, Math.min(bad.size(), MAX_SHOWN)));
    int more = bad.size() - MAX_SHOWN;
    return "no MX record names a host: " + shown + (more > 0 ? "; and " + more + " more" : "");
  }
}
