package org.jamessts.decide;

import static org.jamessts.decide.Channels.MX;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jamessts.dane.DaneCertificates;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dane.TlsaSet;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxHost;
import org.jamessts.dns.MxLookup;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guards;
import org.jamessts.policy.DomainPolicy;

/** What DNSSEC may prove of one host. */
final class Promises {

  static final DomainName DOMAIN = new DomainName("example.com");
  static final MxLookup.Hosts PROVEN = route(Security.SECURE, Optional.empty());
  static final MxLookup.Hosts NOT_PROVEN = route(Security.INSECURE, Optional.empty());
  static final DaneLookup NONE = new DaneLookup.None("there are none");
  static final DaneLookup UNUSABLE = new DaneLookup.Unusable(MX, List.of(), "usage 1");
  static final DaneLookup FAILED =
      new DaneLookup.Failed(DnsAnswer.Failure.BOGUS, "signature expired");
  static final DaneHost UNVALIDATED =
      DaneHost.of(DOMAIN, NOT_PROVEN, MX, new DaneLookup.None("not validated"), false);

  private static final DaneCertificates CERTIFICATES = new DaneCertificates(false, Guards.ALL);
  static final HostRequirements BOTH = new HostRequirements(CERTIFICATES, false, Guards.ALL);
  static final HostRequirements DANE_ALONE = new HostRequirements(CERTIFICATES, true, Guards.ALL);

  private Promises() {}

  static MxLookup.Hosts route(Security security, Optional<DomainName> expanded) {
    return new MxLookup.Hosts(List.of(new MxHost(MX, 10)), false, security, expanded);
  }

  /** A host to which DNSSEC proves the way. */
  static DaneHost host(DaneLookup lookup) {
    return DaneHost.of(DOMAIN, PROVEN, MX, lookup, true);
  }

  static TlsaCheck check(DaneHost host) {
    return new TlsaCheck(host, CERTIFICATES);
  }

  /** What holds at a host of which nothing is proven. */
  static TlsRequirement nothing(DomainPolicy policy) {
    return BOTH.of(policy, UNVALIDATED);
  }

  /** A host must present this certificate: {@code 3 0 1}. */
  static DaneLookup leaf(X509Certificate certificate) {
    return new DaneLookup.Usable(new TlsaSet(MX, List.of(record(3, certificate))));
  }

  /** A host must present a chain below this certificate: {@code 2 0 1}. */
  static DaneLookup anchor(DomainName base, X509Certificate certificate) {
    return new DaneLookup.Usable(new TlsaSet(base, List.of(record(2, certificate))));
  }

  private static TlsaRecord record(int usage, X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return new TlsaRecord(usage, 0, 1, digest);
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
