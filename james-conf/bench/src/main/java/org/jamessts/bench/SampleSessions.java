package org.jamessts.bench;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.SessionResult;

/** Sessions as they may be. */
final class SampleSessions {

  private static final InetAddress OURS = address(new byte[] {(byte) 192, 0, 2, 1});
  private static final int REASONS = 3;

  private SampleSessions() {}

  /** One domain in ten has a policy. */
  static AppliedPolicy policy(int domain) {
    return domain % 10 == 0 ? sts(domain) : AppliedPolicy.none(TypicalPolicies.domain(domain));
  }

  static AppliedPolicy sts(int domain) {
    DomainName name = TypicalPolicies.domain(domain);
    return new AppliedPolicy(
        AppliedPolicy.Type.STS,
        name,
        List.of(
            "version: STSv1",
            "mode: enforce",
            "mx: mx." + name,
            "mx: *." + name,
            "max_age: 604800"),
        List.of("mx." + name, "*." + name),
        Optional.empty());
  }

  /** A session that failed for one of a few reasons. */
  static SessionResult failed(Instant at, AppliedPolicy policy, int number) {
    DomainName host = new DomainName("mx." + policy.policyDomain());
    return new SessionResult(
        at,
        policy,
        List.of(
            new SessionFailure(
                ResultType.CERTIFICATE_EXPIRED,
                new SessionPeers(
                    Optional.of(OURS),
                    Optional.of(host),
                    Optional.of(
                        address(new byte[] {(byte) 198, 51, 100, (byte) (number % REASONS)})),
                    Optional.of(host.value())),
                "the certificate has expired")));
  }

  private static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
