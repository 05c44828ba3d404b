package org.jamessts.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jamessts.dns.DnsAnswer.Security;

/**
 * Finds the addresses of a host. IPv6 and IPv4 alternate, IPv6 first: RFC 6724 prefers it, and
 * where one family does not work, the second attempt is of the other (RFC 8305 §4). Within a family
 * the order of the DNS stays, which is where servers spread their load.
 */
public final class HostAddresses {

  /** Addresses kept. A delivery tries a few; the rest would be a stranger's way to keep us busy. */
  private static final int MAX_ADDRESSES = 20;

  private final Resolver resolver;
  private final Executor executor;

  /** Finder of addresses, which asks this resolver. */
  public HostAddresses(Resolver resolver) {
    this(resolver, Runnable::run);
  }

  /**
   * Finder of addresses that asks for both families at once.
   *
   * @param resolver is asked
   * @param executor runs one of the two questions
   */
  public HostAddresses(Resolver resolver, Executor executor) {
    this.resolver = resolver;
    this.executor = executor;
  }

  /**
   * The addresses of a host. Where one family fails and the other has addresses, those are used;
   * where one fails and the other has none, the answer is a failure, since nobody can tell.
   */
  public AddressLookup lookup(DomainName host) {
    // Both are asked even after NXDOMAIN: some servers say so of AAAA alone (RFC 4074 §4.2).
    // To have another thread fetch what is here would cost more than all else.
    CompletableFuture<DnsReply<Inet6Address>> other =
        resolver
            .keptAaaa(host)
            .map(CompletableFuture::completedFuture)
            .orElseGet(() -> CompletableFuture.supplyAsync(() -> resolver.aaaa(host), executor));
    DnsReply<Inet4Address> reply4 = resolver.a(host);
    DnsReply<Inet6Address> reply6 = other.join();
    DnsAnswer<Inet4Address> v4 = reply4.answer();
    DnsAnswer<Inet6Address> v6 = reply6.answer();
    List<InetAddress> addresses = alternate(reply6.records(), reply4.records());
    if (!addresses.isEmpty()) {
      return withTlsaBases(host, addresses, v6, v4);
    }
    if (v4 instanceof DnsAnswer.Failed<Inet4Address> failed) {
      return new AddressLookup.Failed(failed.failure(), failed.detail());
    }
    if (v6 instanceof DnsAnswer.Failed<Inet6Address> failed) {
      return new AddressLookup.Failed(failed.failure(), failed.detail());
    }
    return new AddressLookup.None(exists(v6) || exists(v4));
  }

  /** RFC 7672 §2.2.2, and §2.1.3 for what a chain of aliases proves. */
  private AddressLookup withTlsaBases(
      DomainName host, List<InetAddress> addresses, DnsAnswer<?>... answers) {
    List<DnsAnswer.Found<?>> found = new ArrayList<>();
    for (DnsAnswer<?> answer : answers) {
      if (answer instanceof DnsAnswer.Found<?> one) {
        found.add(one);
      }
    }
    // Of two families, a proven one is enough: a host that has proof can be held to it.
    Optional<DnsAnswer.Found<?>> proven =
        found.stream().filter(one -> one.security() == Security.SECURE).findFirst();
    if (proven.isPresent()) {
      Set<DomainName> bases = new LinkedHashSet<>();
      proven.get().aliasHost().ifPresent(bases::add);
      bases.add(host);
      return new AddressLookup.Found(addresses, List.copyOf(bases));
    }
    if (!resolver.validates() || found.stream().allMatch(one -> one.alias().isEmpty())) {
      return new AddressLookup.Found(addresses, List.of());
    }
    // The chain as a whole is not proven; its first link alone may be.
    DnsAnswer<String> first = resolver.cname(host).answer();
    if (first instanceof DnsAnswer.Failed<String> failed) {
      return new AddressLookup.Failed(failed.failure(), failed.detail());
    }
    boolean secure =
        first instanceof DnsAnswer.Found<String> link && link.security() == Security.SECURE;
    return new AddressLookup.Found(addresses, secure ? List.of(host) : List.of());
  }

  private static List<InetAddress> alternate(
      List<? extends InetAddress> first, List<? extends InetAddress> second) {
    List<InetAddress> all = new ArrayList<>();
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      first.stream().skip(i).findFirst().ifPresent(all::add);
      second.stream().skip(i).findFirst().ifPresent(all::add);
    }
    return all.subList(0, Math.min(all.size(), MAX_ADDRESSES));
  }

  private static <T> boolean exists(DnsAnswer<T> answer) {
    return answer instanceof DnsAnswer.Absent<T> absent && absent.nameExists();
  }
}
