package org.jamessts.dns;

/**
 * A host that accepts mail for a domain, as the DNS names it. The name is the one in the MX record,
 * never the target of a CNAME it may have: policies, SNI and certificates are matched against this
 * name (RFC 8461 §4.1, §7.1).
 *
 * @param name the host
 * @param preference the MX preference; 0 for an implicit MX (RFC 5321 §5.1)
 */
public record MxHost(DomainName name, int preference) {}
