package org.jamessts.testing;

import org.jamessts.dns.DomainName;

/**
 * Domains below one signed top-level domain, and what a name server says of them: hosts, addresses
 * and TLSA records. They have numbers, and are of one of these kinds.
 */
public enum SignedDomains {
  /** The zone of the domain is signed, and has the host. */
  OWN_HOST("d", "d", 1),
  /** So is another zone, which has the host. */
  OTHER_HOST("e", "h", 2),
  /** The domain has no DS record, and no TLSA record. */
  UNSIGNED("u", "u", 1);

  private static final String TLD = "test";
  private static final String DIGEST = "ab".repeat(32);

  /** RSA, which costs a validator a tenth of ECDSA. */
  private static final Signing SIGNING =
      Signing.standard().withKeys(ZoneKey.csk(KeyAlgorithm.RSASHA256_FIXED));

  private final String domain;
  private final String hostZone;
  private final int zones;

  SignedDomains(String domain, String hostZone, int zones) {
    this.domain = domain;
    this.hostZone = hostZone;
    this.zones = zones;
  }

  /** Zones below the top-level domain that a lookup comes through. */
  public int zones() {
    return zones;
  }

  /** Whether a lookup finds TLSA records. */
  public boolean isSigned() {
    return this != UNSIGNED;
  }

  /** The domain of this number. */
  public DomainName domain(int number) {
    return new DomainName(zone(domain, number));
  }

  private static String zone(String prefix, int number) {
    return prefix + number + "." + TLD;
  }

  /** Has a server know the domain of this number, and sign the zones above it. */
  public void publish(PrivateDns dns, int number) {
    String zone = zone(domain, number);
    String zoneOfHost = zone(hostZone, number);
    String host = "mx." + zoneOfHost;
    dns.sign(TLD).mx(zone, 10, host).a(host, "192.0.2.1").aaaa(host, "2001:db8::1");
    if (isSigned()) {
      dns.sign(zone, SIGNING).sign(zoneOfHost, SIGNING);
      dns.add("_25._tcp." + host + ". TLSA 3 1 1 " + DIGEST);
    } else {
      dns.unsignedZone(zone);
    }
  }
}
