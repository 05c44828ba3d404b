package org.jamessts.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jamessts.decide.HostRequirements;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.MxHost;
import org.jamessts.dns.MxLookup;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.settings.StsSettings;

/**
 * How far DNS and policies decide what would become of mail for a domain, without a connection to
 * anybody: by the steps with which mail is delivered, up to where a host would be contacted. Safe
 * for use by many threads.
 */
public final class Forecast {

  /** How far it is decided. */
  public sealed interface Admission {

    /** Some host may have the mail, whatever its channel is like. */
    record Free() implements Admission {}

    /**
     * It depends on the channel to a host.
     *
     * @param requirements of the hosts that would be contacted, in their order
     * @param refused what is wrong with the others
     */
    record Open(List<TlsRequirement> requirements, List<String> refused) implements Admission {}

    /**
     * No host may have it.
     *
     * @param reasons what is wrong with each, in their order
     */
    record Refused(List<String> reasons) implements Admission {}

    /**
     * No policy matters: the DNS leads to no host.
     *
     * @param reason why
     */
    record Nowhere(String reason) implements Admission {}

    /**
     * Nobody can tell, now.
     *
     * @param reason why
     */
    record Unclear(String reason) implements Admission {}
  }

  private final Destinations destinations;
  private final HostRequirements requirements;
  private final int maxHosts;

  private Forecast(Destinations destinations, HostRequirements requirements, int maxHosts) {
    this.destinations = destinations;
    this.requirements = requirements;
    this.maxHosts = maxHosts;
  }

  /**
   * A forecast for mail under some settings.
   *
   * @param resolver asks the DNS
   * @param dane how DANE is used
   * @param mx how many hosts one attempt tries
   */
  public static Forecast of(Resolver resolver, StsSettings.Dane dane, StsSettings.Mx mx) {
    return new Forecast(
        new Destinations(resolver, new Random(), dane, Guards.ALL),
        DeliveryFactory.requirements(dane, Guards.ALL),
        mx.maxHosts());
  }

  /**
   * How far it is decided for a domain.
   *
   * @param policy everything to which its mail is held
   * @param port of its hosts
   */
  public Admission of(DomainPolicy policy, int port) {
    NextHop hop = new NextHop.MailDomain(policy.domain(), port);
    MxLookup route = destinations.route(hop);
    if (route instanceof MxLookup.Failed failed) {
      return new Admission.Unclear("MX lookup failed: " + failed.detail());
    }
    if (!(route instanceof MxLookup.Hosts found)) {
      return new Admission.Nowhere(why(route));
    }
    List<MxHost> hosts = found.hosts().subList(0, Math.min(found.hosts().size(), maxHosts));
    return admission(policy, destinations.targets(hop, found, hosts));
  }

  private static String why(MxLookup route) {
    if (route instanceof MxLookup.NullMx) {
      return "it accepts no mail (null MX, RFC 7505)";
    }
    return route instanceof MxLookup.Unusable unusable
        ? unusable.detail()
        : "the domain does not exist";
  }

  private Admission admission(DomainPolicy policy, List<Target> targets) {
    List<TlsRequirement> open = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    List<String> unclear = new ArrayList<>();
    int unreachable = 0;
    for (Target target : targets) {
      TlsRequirement requirement = requirements.of(policy, target.dane());
      if (target.addresses() instanceof AddressLookup.Failed failed) {
        unclear.add(target.host().name() + ": address lookup failed: " + failed.detail());
      } else if (target.addresses() instanceof AddressLookup.None) {
        unreachable++;
      } else if (requirement.admit(target.host().name()) instanceof Verdict.NextHost next) {
        refused.add(next.cause().why().text());
      } else if (requirement.enforced()) {
        open.add(requirement);
      } else {
        return new Admission.Free();
      }
    }
    if (!open.isEmpty()) {
      return new Admission.Open(open, refused);
    }
    if (!unclear.isEmpty()) {
      return new Admission.Unclear(String.join("; ", unclear));
    }
    return refused.isEmpty()
        ? new Admission.Nowhere(
            targets.isEmpty() ? "it has no hosts" : unreachable + " hosts have no address")
        : new Admission.Refused(refused);
  }
}
