package org.jamessts.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.james.metrics.api.TimeMetric;
import org.jamessts.decide.FailureCode;
import org.jamessts.decide.HostRequirements;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.AddressKind;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxHost;
import org.jamessts.dns.MxLookup;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.engine.Turnstile;
import org.jamessts.metrics.StsMetrics.Timer;
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

  /**
   * Each asks some four questions at a time, and five hundred may be open at once: beyond that they
   * would wait for each other until their time is over.
   */
  private static final int LOOKUPS_AT_ONCE = 125;

  /** Of a lookup that counts among those; most take a small part of it. */
  private static final Duration LOOKUP = Duration.ofSeconds(1);

  private final PolicyService policies;
  private final Destinations destinations;
  private final HostRequirements requirements;
  private final OwnHosts ownHosts;
  private final Conversation conversation;
  private final SessionLog sessions;
  private final StsSettings.Mx limits;
  private final Supplier<Enforcement> enforcement;
  private final Turnstile lookups;

  /**
   * @param policies what domains promise
   * @param destinations what the DNS says of hosts
   * @param requirements what follows from all that is known
   * @param ownHosts tells whether a host is this server
   * @param conversation talks to one address
   * @param sessions where sessions are recorded
   * @param limits how many hosts are tried, and which addresses
   * @param enforcement what becomes of what domains publish, at the moment; asked for each host and
   *     address
   * @param lookups where those wait who want to find out about a hop
   */
  MailDelivery(
      PolicyService policies,
      Destinations destinations,
      HostRequirements requirements,
      OwnHosts ownHosts,
      Conversation conversation,
      SessionLog sessions,
      StsSettings.Mx limits,
      Supplier<Enforcement> enforcement,
      Turnstile lookups) {
    this.policies = policies;
    this.destinations = destinations;
    this.requirements = requirements;
    this.ownHosts = ownHosts;
    this.conversation = conversation;
    this.sessions = sessions;
    this.limits = limits;
    this.enforcement = enforcement;
    this.lookups = lookups;
  }

  /** For all that share a resolver. */
  static Turnstile lookups() {
    return new Turnstile(LOOKUPS_AT_ONCE, LOOKUP);
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
    TimeMetric timer = sessions.meter().time(Timer.DELIVERY);
    Attempt attempt = new Attempt(mail, limits.maxHosts(), limits.maxAddresses(), witness);
    for (NextHop hop : mail.nextHops()) {
      if (attempt.isOver()) {
        break;
      }
      follow(hop, mail, attempt);
    }
    timer.stopAndPublish();
    return attempt.report();
  }

  /**
   * The policies to which mail is held now.
   *
   * @param hops where a mail goes
   * @return their texts, a list for each hop; equal lists mean that nothing has changed
   */
  public List<List<String>> policies(List<NextHop> hops) {
    return texts(hops, policies::lookup);
  }

  /**
   * The same after asking the DNS past every cache: required before a failure under a policy
   * becomes final (RFC 8461 §5.1, draft -00 §3.5).
   */
  public List<List<String>> recheckedPolicies(List<NextHop> hops) {
    return texts(hops, policies::recheck);
  }

  private List<List<String>> texts(
      List<NextHop> hops, Function<DomainName, DomainPolicy> question) {
    return hops.stream().map(hop -> inTurn(hop, () -> texts(hop, question))).toList();
  }

  /** Of none, where the DNS names no host: such mail is held to nothing. */
  private List<String> texts(NextHop hop, Function<DomainName, DomainPolicy> question) {
    return destinations.route(hop) instanceof MxLookup.Hosts
        ? texts(policyOf(hop, question))
        : List.of();
  }

  private DomainPolicy policyOf(NextHop hop, Function<DomainName, DomainPolicy> question) {
    return enforcementFor(hop) == Enforcement.OFF
        ? policies.unasked(hop.policyDomain())
        : question.apply(hop.policyDomain());
  }

  /**
   * How far what is published is enforced now. Credentials for a gateway go where it has proved its
   * name: for that, it is asked what it publishes in any case.
   */
  private Enforcement enforcementFor(NextHop hop) {
    Enforcement now = enforcement.get();
    return now == Enforcement.OFF && hop.isOperatorsChoice() && conversation.needsProof()
        ? Enforcement.REPORT_ONLY
        : now;
  }

  private static List<String> texts(DomainPolicy policy) {
    return policy.published().policies().stream().map(KnownPolicy::text).toList();
  }

  private void follow(NextHop hop, OutboundMail mail, Attempt attempt) {
    Optional<Outlook> outlook = inTurn(hop, () -> lookUp(hop, mail, attempt));
    outlook.ifPresent(known -> visitAll(hop, known.targets(), known.needs(), mail, attempt));
  }

  /** Asks about a hop when it is its turn; where nobody has to be asked, at once. */
  // The turn is there to be closed, not to be used.
  @SuppressWarnings("try")
  private <T> T inTurn(NextHop hop, Supplier<T> question) {
    if (hop.onlyAddress().isPresent()) {
      return question.get();
    }
    try (Turnstile.Turn turn = lookups.enter()) {
      return question.get();
    }
  }

  /**
   * What is known of a hop.
   *
   * @param targets its hosts
   * @param needs what the mail demands of them
   */
  private record Outlook(List<Target> targets, Needs needs) {}

  /** Empty where the hop cannot be tried: the attempt knows why. */
  private Optional<Outlook> lookUp(NextHop hop, OutboundMail mail, Attempt attempt) {
    MxLookup mx = destinations.route(hop);
    attempt.witness().routed(hop, mx);
    if (!(mx instanceof MxLookup.Hosts found)) {
      // RFC 7505: no policy is looked up for a domain that takes no mail.
      unroutable(hop, mx, attempt);
      return Optional.empty();
    }
    List<MxHost> hosts = new ArrayList<>();
    for (MxHost host : found.hosts()) {
      if (attempt.isOver() || !attempt.mayTryHost()) {
        break;
      }
      hosts.add(host);
    }
    Enforcement asked = enforcementFor(hop);
    Optional<DomainPolicy> unasked =
        asked == Enforcement.OFF
            ? Optional.of(policies.unasked(hop.policyDomain()))
            : Optional.empty();
    List<Target> targets =
        destinations.targets(
            hop, found, hosts, unasked.map(DomainPolicy::demandsDane).orElse(true));
    targets.forEach(target -> sessions.meter().dane(target.dane().lookup()));
    if (mail.ownReport()) {
      return Optional.of(new Outlook(targets, new Needs.OfReport()));
    }
    DomainPolicy policy = unasked.orElseGet(() -> lookup(hop.policyDomain()));
    if (policy.published() instanceof PolicyLookup.Unclear unclear && mustWait(unclear, hop)) {
      sessions.lookupFailed(hop.policyDomain(), unclear);
      attempt.note(Reason.unreachable(codeOf(unclear.cause().kind()), unclear.cause().detail()));
      return Optional.empty();
    }
    return Optional.of(
        new Outlook(
            targets, new Needs.Published(policy, unasked.isEmpty(), requirements, sessions)));
  }

  private DomainPolicy lookup(DomainName domain) {
    TimeMetric timer = sessions.meter().time(Timer.POLICY_LOOKUP);
    DomainPolicy policy = policies.lookup(domain);
    timer.stopAndPublish();
    sessions.meter().policy(policy.published());
    return policy;
  }

  /** That this server is stopping says nothing of the domain, and is over soon. */
  private boolean mustWait(PolicyLookup.Unclear unclear, NextHop hop) {
    return unclear.cause().kind() == PolicyFailure.Kind.STOPPING
        || enforcementFor(hop) == Enforcement.ENFORCE;
  }

  private void visitAll(
      NextHop hop, List<Target> targets, Needs needs, OutboundMail mail, Attempt attempt) {
    List<Target> beforeUs = hop.isOperatorsChoice() ? targets : ownHosts.before(targets);
    if (beforeUs.isEmpty()) {
      loopsBack(hop.policyDomain(), targets, needs, attempt);
      return;
    }
    for (Target target : inOrder(hop, beforeUs, needs)) {
      if (attempt.isOver()) {
        return;
      }
      if (!needs.areKnown(enforcementFor(hop))) {
        // Enforcement has come back meanwhile.
        follow(hop, mail, attempt);
        return;
      }
      visit(hop, target, needs, mail, attempt);
    }
  }

  /** The order of the DNS; where nothing is enforced, the hosts come first that would get mail. */
  private List<Target> inOrder(NextHop hop, List<Target> targets, Needs needs) {
    return enforcementFor(hop) == Enforcement.REPORT_ONLY
        ? targets.stream()
            .sorted(Comparator.comparing(target -> refusal(enforced(needs, target)).isPresent()))
            .toList()
        : targets;
  }

  private static Need enforced(Needs needs, Target target) {
    return needs.at(target, Enforcement.ENFORCE);
  }

  private static Optional<Verdict.NextHost> refusal(Need need) {
    return need.requirement().admit(need.host()) instanceof Verdict.NextHost refused
        ? Optional.of(refused)
        : Optional.empty();
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
   * and whoever did that must not have the mail bounced for it: also where nothing is enforced,
   * since the mail cannot go there anyway.
   */
  private void loopsBack(DomainName domain, List<Target> targets, Needs needs, Attempt attempt) {
    List<Target> rest = new ArrayList<>(targets);
    for (Target target : targets) {
      if (!ownHosts.isOurs(target)) {
        continue;
      }
      Need need = enforced(needs, target);
      refusal(need)
          .ifPresent(
              refused -> {
                rest.remove(target);
                passOver(refused, need, attempt);
              });
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
    sessions.passedOver(need, refused);
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

  private void visit(NextHop hop, Target target, Needs needs, OutboundMail mail, Attempt attempt) {
    Optional<Reason> unreachable = unreachable(target);
    Enforcement judgedBy = enforcementFor(hop);
    Need need = needs.at(target, judgedBy);
    attempt.witness().considered(target, need);
    Optional<Verdict.NextHost> refused = refusal(need);
    // Without an address nobody asked for TLSA records (RFC 7672 §2.2.2): none can be missed.
    if (refused.isPresent()
        && (unreachable.isEmpty() || refused.get().cause().kind() != FailureKind.DANE_REQUIRED)) {
      passOver(refused.get(), need, attempt);
      return;
    }
    unreachable.ifPresent(attempt::note);
    if (target.addresses() instanceof AddressLookup.Found found) {
      for (InetAddress address : found.addresses()) {
        Enforcement now = enforcementFor(hop);
        if (attempt.isOver() || !needs.areKnown(now) || !attempt.mayTryAddress()) {
          return;
        }
        if (now != judgedBy) {
          judgedBy = now;
          need = needs.at(target, now);
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

  int keptSessions() {
    return conversation.keptSessions();
  }

  int unreachableHosts() {
    return conversation.unreachableHosts();
  }

  /** Ends what is kept open for further mails. */
  @Override
  public void close() {
    conversation.close();
  }
}
