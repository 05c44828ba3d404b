/**
 * What the DNS says about a domain. {@link org.jamessts.dns.Resolver} is the only door: it asks for
 * one record type of one name and answers with a {@link org.jamessts.dns.DnsAnswer}, in which "here
 * are the records", "there are none" and "nobody could tell" are three different values, because
 * the standards oblige a sender to treat them differently. {@link org.jamessts.dns.MxHosts} turns
 * the answers into the ordered list of hosts that RFC 5321 §5.1 tells a sender to try, {@link
 * org.jamessts.dns.HostAddresses} finds their addresses, and {@link org.jamessts.dns.AddressKind}
 * says what an address is for, since strangers choose where we connect.
 *
 * <p>{@link org.jamessts.dns.DnsJavaResolver} answers. A question passes the cache, then the walk
 * along aliases, then the servers in turn, then the exchange with one server; the first three know
 * no sockets, the last knows one question and one deadline.
 *
 * <p>A name is a {@link org.jamessts.dns.DomainName}, always in A-labels; {@link
 * org.jamessts.dns.DomainName#parseInternational} turns what people write into one.
 *
 * <p>dnsjava and ICU are known to this package alone; the rest of the project sees names, addresses
 * and text.
 */
@NullMarked
package org.jamessts.dns;

import org.jspecify.annotations.NullMarked;
