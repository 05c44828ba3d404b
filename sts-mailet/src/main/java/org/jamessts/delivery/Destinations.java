package org.jamessts.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dane.DaneRecords;
import org.jamessts.decide.DaneHost;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.HostAddresses;
import org.jamessts.dns.MxHost;
import org.jamessts.dns.MxHosts;
import org.jamessts.dns.MxLookup;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.settings.StsSettings;
import org.jamessts.threads.DaemonThreads;

/**
 * Finds out where mail goes: the hosts of a domain, of each host its addresses, and only then its
 * TLSA records (RFC 7672 §2.2.2). Several hosts are looked up at once. Safe for use by many
 * threads.
 */
public final class Destinations {

  /** For all mails together; beyond them, who asks waits for his own answers one by one. */
  private static final int THREADS = 16;

  private final Executor executor = DaemonThreads.upTo(THREADS, "sts-lookups");
  private final Resolver resolver;
  private final MxHosts mxHosts;
  private final HostAddresses addresses;
  private final DaneRecords records;
  private final StsSettings.Dane settings;
  private final Guards guards;

  /**
   * Finder of hosts.
   *
   * @param resolver asks the DNS
   * @param random shuffles hosts of equal preference
   * @param settings how DANE is used
   * @param guards which guards stand
   */
  public Destinations(Resolver resolver, Random random, StsSettings.Dane settings, Guards guards) {
    this.resolver = resolver;
    this.mxHosts = new MxHosts(resolver, random);
    this.addresses = new HostAddresses(resolver, executor);
    this.records = new DaneRecords(resolver, settings.digests(), guards);
    this.settings = settings;
    this.guards = guards;
  }

  /**
   * The hosts of a next hop; a gateway is its own, whatever its MX records say, as is an address.
   */
  MxLookup route(NextHop hop) {
    if (hop.isOperatorsChoice() || hop.onlyAddress().isPresent()) {
      return itself(hop);
    }
    MxLookup route = mxHosts.lookup(hop.policyDomain());
    return route instanceof MxLookup.Failed && !guards.stand(Guard.MX_FAILURE_DEFERS)
        ? itself(hop)
        : route;
  }

  private static MxLookup itself(NextHop hop) {
    return new MxLookup.Hosts(
        List.of(new MxHost(hop.policyDomain(), 0)), true, Security.INSECURE, Optional.empty());
  }

  /**
   * What is known of hosts.
   *
   * @param hop where the mail goes
   * @param route how the hosts were found
   * @param hosts some of them
   * @return a target for each of them, in the same order
   */
  List<Target> targets(NextHop hop, MxLookup.Hosts route, List<MxHost> hosts) {
    return targets(hop, route, hosts, true);
  }

  /**
   * The same.
   *
   * @param withDane whether their TLSA records are looked up, if the settings want that
   */
  List<Target> targets(NextHop hop, MxLookup.Hosts route, List<MxHost> hosts, boolean withDane) {
    List<CompletableFuture<Target>> others =
        hosts.stream()
            .skip(1)
            .map(
                host ->
                    CompletableFuture.supplyAsync(() -> find(hop, route, host, withDane), executor))
            .toList();
    List<Target> all = new ArrayList<>();
    // Most have one, which needs no other thread.
    hosts.stream().limit(1).forEach(first -> all.add(find(hop, route, first, withDane)));
    others.forEach(other -> all.add(other.join()));
    return all;
  }

  private Target find(NextHop hop, MxLookup.Hosts route, MxHost host, boolean withDane) {
    boolean validated = withDane && settings.isOn() && resolver.validates();
    AddressLookup found =
        hop.onlyAddress()
            .<AddressLookup>map(only -> new AddressLookup.Found(List.of(only), List.of()))
            .orElseGet(() -> addresses.lookup(host.name()));
    DaneLookup promised =
        validated
            ? promised(hop, route, found)
            : new DaneLookup.None(withDane ? "DNSSEC is not validated" : "enforcement is off");
    return new Target(
        host, found, DaneHost.of(hop.policyDomain(), route, host.name(), promised, validated));
  }

  private DaneLookup promised(NextHop hop, MxLookup.Hosts route, AddressLookup found) {
    if (!DaneHost.isProven(route)
        && settings.insecureMx() == StsSettings.InsecureMx.OPPORTUNISTIC) {
      return new DaneLookup.None("DNSSEC does not prove the MX records");
    }
    if (found instanceof AddressLookup.Found host && !host.tlsaBases().isEmpty()) {
      return records.lookup(host.tlsaBases(), hop.port());
    }
    return new DaneLookup.None("DNSSEC proves no address of the host");
  }
}
