package org.jamessts.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jamessts.decide.DaneHost;
import org.jamessts.decide.FailureCode;
import org.jamessts.decide.HostRequirements;
import org.jamessts.decide.Opportunistic;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.AddressKind;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxHost;
import org.jamessts.dns.MxLookup;
import org.jamessts.override.FailureKind;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.policy.PolicyService;
import org.jamessts.settings.StsSettings;

/**
 * Delivers one mail to the hosts of its next hop: asks what the domain promises, walks its hosts in
 * the order of the DNS (RFC 5321 §5.1; no proof moves one forward, RFC 7672 §2.2.1), passes over
 * those that break the promise (RFC 7672 §2.2, RFC 8461 §5), and says what became of each
 * recipient. It knows nothing of James and its queues. Safe for use by many threads.
 */
public final class MailDelivery implements AutoCloseable {

  /** RFC 3463 §3.2. */
  static final String BAD_SYSTEM = "550 5.1.2";

  private final PolicyService policies;
  private final Destinations destinations;
  private final HostRequirements requirements;
  private final OwnHosts ownHosts;
  private final Conversation conversation;
  private final SessionLog sessions;
  private final StsSettings.Mx limits;

  /**
   * @param policies what domains promise
   * @param destinations what the DNS says of hosts
   * @param requirements what follows from all that is known
   * @param ownHosts tells whether a host is this server
   * @param conversation talks to one address
   * @param sessions where sessions are recorded
   * @param limits how many hosts are tried, and which addresses
   */
  MailDelivery(
      PolicyService policies,
      Destinations destinations,
      HostRequirements requirements,
      OwnHosts ownHosts,
      Conversation conversation,
      SessionLog sessions,
      StsSettings.Mx limits) {
    this.policies = policies;
    this.destinations = destinations;
    this.requirements = requirements;
    this.ownHosts = ownHosts;
    this.conversation = conversation;
    this.sessions = sessions;
    this.limits = limits;
  }

  /**
   * Makes one attempt.
   *
   * @param mail what to send, and where
   * @return an outcome for each recipient; nothing is thrown for what the world does
   */
  public DeliveryReport deliver(OutboundMail mail) {
    return deliver(mail, Witness.NOBODY);
  }

  /** The same while somebody watches. */
  DeliveryReport deliver(OutboundMail mail, Witness witness) {
    Attempt attempt = new Attempt(mail, limits.maxHosts(), limits.maxAddresses(), witness);
    for (NextHop hop : mail.nextHops()) {
      if (attempt.isOver()) {
        break;
      }
      follow(hop, mail, attempt);
    }
    return attempt.report();
  }

  /**
   * The policies to which mail is held now.
   *
   * @param hops where a mail goes
   * @return their texts, a list for each hop; equal lists mean that nothing has changed
   */
  public List<List<String>> policies(List<NextHop> hops) {
    return hops.stream().map(hop -> texts(policies.lookup(hop.policyDomain()))).toList();
  }

  /**
   * The same after asking the DNS past every cache: required before a failure under a policy
   * becomes final (RFC 8461 §5.1, draft -00 §3.5).
   */
  public List<List<String>> recheckedPolicies(List<NextHop> hops) {
    return hops.stream().map(hop -> texts(policies.recheck(hop.policyDomain()))).toList();
  }

  private static List<String> texts(DomainPolicy policy) {
    return policy.published().policies().stream().map(KnownPolicy::text).toList();
  }

  private void follow(NextHop hop, OutboundMail mail, Attempt attempt) {
    MxLookup mx = destinations.route(hop);
    attempt.witness().routed(hop, mx);
    if (!(mx instanceof MxLookup.Hosts found)) {
      // RFC 7505: no policy is looked up for a domain that takes no mail.
      unroutable(hop, mx, attempt);
      return;
    }
    List<MxHost> hosts = new ArrayList<>();
    for (MxHost host : found.hosts()) {
      if (attempt.isOver() || !attempt.mayTryHost()) {
        break;
      }
      hosts.add(host);
    }
    List<Target> targets = destinations.targets(hop, found, hosts);
    if (mail.ownReport()) {
      visitAll(hop, targets, MailDelivery::withoutPolicy, mail, attempt);
      return;
    }
    DomainPolicy policy = policies.lookup(hop.policyDomain());
    PolicyLookup published = policy.published();
    sessions.policyLookedUp(hop.policyDomain(), published);
    if (published instanceof PolicyLookup.Unclear unclear) {
      attempt.note(Reason.unreachable(codeOf(unclear.cause().kind()), unclear.cause().detail()));
      return;
    }
    visitAll(hop, targets, target -> need(policy, target), mail, attempt);
  }

  private void visitAll(
      NextHop hop,
      List<Target> targets,
      Function<Target, Need> needs,
      OutboundMail mail,
      Attempt attempt) {
    List<Target> beforeUs = hop.isOperatorsChoice() ? targets : ownHosts.before(targets);
    if (beforeUs.isEmpty()) {
      loopsBack(hop.policyDomain(), targets, needs, attempt);
      return;
    }
    for (Target target : beforeUs) {
      if (attempt.isOver()) {
        return;
      }
      visit(hop, target, needs.apply(target), mail, attempt);
    }
  }

  private Need need(DomainPolicy policy, Target target) {
    DaneHost dane = target.dane();
    return new Need(
        target.host().name(),
        dane.serverName(),
        requirements.of(policy, dane),
        sessions.reported(policy, dane, requirements));
  }

  /**
   * Our reports tell of TLS that fails: they must arrive all the same (RFC 8460 §3), whatever the
   * domain publishes and the operator demands of it, and reports of reports would never end.
   */
  private static Need withoutPolicy(Target target) {
    return new Need(
        target.host().name(), target.dane().serverName(), new Opportunistic(), List.of());
  }

  private static FailureCode codeOf(PolicyFailure.Kind kind) {
    return switch (kind) {
      case DNS -> FailureCode.DNS_FAILED;
      case STOPPING -> FailureCode.LOCAL;
      case VANISHED, SLOW, FETCH, INVALID, WEBPKI, UNSUPPORTED -> FailureCode.POLICY_UNCLEAR;
    };
  }

  /**
   * No host is better than we are: to deliver would loop (RFC 5321 §5.1). But where nothing but a
   * place that the policy rules out makes us the best, our name may have been forged into the DNS,
   * and whoever did that must not have the mail bounced for it.
   */
  private void loopsBack(
      DomainName domain, List<Target> targets, Function<Target, Need> needs, Attempt attempt) {
    List<Target> rest = new ArrayList<>(targets);
    for (Target target : targets) {
      if (!ownHosts.isOurs(target)) {
        continue;
      }
      Need need = needs.apply(target);
      if (need.requirement().admit(need.host()) instanceof Verdict.NextHost refused) {
        rest.remove(target);
        passOver(refused, need, attempt);
      }
    }
    if (!rest.isEmpty() && ownHosts.before(rest).isEmpty()) {
      attempt.bounceAll(
          Reason.ruledOut(
              "550 5.4.6",
              "RFC 5321 section 5.1",
              "mail for " + domain + " loops back to this server"));
    }
  }

  private void passOver(Verdict.NextHost refused, Need need, Attempt attempt) {
    sessions.passedOver(need);
    attempt.note(Reason.of(refused, need));
  }

  private static void unroutable(NextHop hop, MxLookup mx, Attempt attempt) {
    String domain = hop.policyDomain().value();
    if (mx instanceof MxLookup.NullMx) {
      attempt.bounceAll(
          Reason.ruledOut(
              "556 5.1.10", "RFC 7505 section 3", domain + " accepts no mail (null MX, RFC 7505)"));
    } else if (mx instanceof MxLookup.NoSuchDomain) {
      attempt.bounceAll(Reason.noSuchDomain("the domain " + domain + " does not exist"));
    } else if (mx instanceof MxLookup.Unusable unusable) {
      attempt.note(Reason.unreachable(FailureCode.UNROUTABLE, domain + ": " + unusable.detail()));
    } else if (mx instanceof MxLookup.Failed failed) {
      attempt.note(
          Reason.unreachable(
              FailureCode.DNS_FAILED, "MX lookup of " + domain + " failed: " + failed.detail()));
    }
  }

  private void visit(NextHop hop, Target target, Need need, OutboundMail mail, Attempt attempt) {
    attempt.witness().considered(target, need);
    MxHost host = target.host();
    Optional<Reason> unreachable = unreachable(target);
    Verdict byName = need.requirement().admit(host.name());
    // Without an address nobody asked for TLSA records (RFC 7672 §2.2.2): none can be missed.
    if (byName instanceof Verdict.NextHost refused
        && (unreachable.isEmpty() || refused.cause().kind() != FailureKind.DANE_REQUIRED)) {
      passOver(refused, need, attempt);
      return;
    }
    unreachable.ifPresent(attempt::note);
    if (target.addresses() instanceof AddressLookup.Found found) {
      for (InetAddress address : found.addresses()) {
        if (attempt.isOver() || !attempt.mayTryAddress()) {
          return;
        }
        tryAddress(hop, address, need, mail, attempt);
      }
    }
  }

  private static Optional<Reason> unreachable(Target target) {
    DomainName host = target.host().name();
    if (target.addresses() instanceof AddressLookup.None) {
      return Optional.of(Reason.unreachable(FailureCode.UNROUTABLE, host + " has no address"));
    }
    return target.addresses() instanceof AddressLookup.Failed failed
        ? Optional.of(
            Reason.unreachable(
                FailureCode.DNS_FAILED,
                "address lookup of " + host + " failed: " + failed.detail()))
        : Optional.empty();
  }

  private void tryAddress(
      NextHop hop, InetAddress address, Need need, OutboundMail mail, Attempt attempt) {
    boolean anyAddress = hop.isOperatorsChoice() || limits.allowLoopbackAddresses();
    if (!anyAddress && !AddressKind.of(address).isMailHost()) {
      noMailHost(hop, address, need, attempt);
      return;
    }
    InetSocketAddress peer = new InetSocketAddress(address, hop.port());
    conversation.hold(peer, need, mail.content(), attempt);
  }

  /** The DNS may lead elsewhere tomorrow; an address stays what it is. */
  private static void noMailHost(NextHop hop, InetAddress address, Need need, Attempt attempt) {
    String why =
        need.host()
            + " has the address "
            + address.getHostAddress()
            + ", which is "
            + AddressKind.of(address)
            + " (mx.allowLoopbackAddresses=false)";
    if (hop.onlyAddress().isPresent()) {
      attempt.bounceAll(
          Reason.ruledOut(BAD_SYSTEM, "mx.allowLoopbackAddresses of this server", why));
    } else {
      attempt.note(Reason.unreachable(FailureCode.UNROUTABLE, why));
    }
  }

  /** Ends what is kept open for further mails. */
  @Override
  public void close() {
    conversation.close();
  }
}
