package org.jamessts.tlsrpt;

import java.net.InetAddress;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * How a session failed: one of the {@code failure-details} of RFC 8460 §4.4, before counting.
 *
 * @param type the kind of failure
 * @param receivingMx the name in the MX record; none when no host was involved
 * @param receivingIp the address that was contacted, if any was
 * @param reason {@code failure-reason-code}: evidence in words
 */
public record SessionFailure(
    ResultType type,
    Optional<DomainName> receivingMx,
    Optional<InetAddress> receivingIp,
    String reason) {}
