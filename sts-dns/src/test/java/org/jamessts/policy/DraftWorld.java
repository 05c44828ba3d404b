package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.Optional;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxRecord;
import org.jamessts.dns.Resolver;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guards;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicySettings.FirstDraftPolicy;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;

/** A domain that publishes by the draft of 2016, and serves HTTPS under its own name. */
abstract class DraftWorld extends PolicyWorld {

  static final String DRAFT_RECORD = "_smtp_sts." + DOMAIN;
  static final PrivateCa.Credential OWN = CA.issue(DOMAIN);
  static final String PLACE = "/.well-known/smtp-sts/current";

  /** The TTL of every record in these tests. */
  static final Duration TTL = Duration.ofSeconds(60);

  static final PolicySettings TOFU = first(FirstDraftPolicy.TOFU);

  /** The octets of a TXT string at most. */
  private static final int STRING = 255;

  static PolicySettings first(FirstDraftPolicy first) {
    return settings(PolicySettings.Draft.ON, first, WithoutPolicy.DELIVER);
  }

  static PolicySettings settings(
      PolicySettings.Draft draft, FirstDraftPolicy first, WithoutPolicy onDnsFailure) {
    return new PolicySettings(
        Duration.ofSeconds(60), WithoutPolicy.DELIVER, onDnsFailure, draft, first, 0);
  }

  /** A policy that holds mail back, for the hosts of a name and as long as a week. */
  static String holding(String mx) {
    return "v=STS1; to=true; mx=%s; a=webpki:https://%s%s; c=webpki; e=%d; rua=mailto:sts@%s"
        .formatted(mx, DOMAIN, PLACE, WEEK.toSeconds(), DOMAIN);
  }

  static String holding() {
    return holding("mail." + DOMAIN);
  }

  /** The domain publishes a text by the rules: TXT record and copy. */
  void publishDraft(String text) {
    announceDraft(text);
    serveDraft(text);
  }

  /** The TXT record changes, and nothing else. */
  void announceDraft(String text) {
    announceDraft(DOMAIN, text);
  }

  void announceDraft(String domain, String text) {
    dns.remove("_smtp_sts." + domain).txt("_smtp_sts." + domain, strings(text));
  }

  private static String[] strings(String text) {
    return text.split("(?<=\\G.{" + STRING + "})");
  }

  /** The copy changes, and nothing else. */
  void serveDraft(String text) {
    serveDraft(PolicyHostEffect.policy(text));
  }

  void serveDraft(PolicyHostEffect effect) {
    dns.remove(DOMAIN).a(DOMAIN, "127.0.0.1");
    host.serveHost(DOMAIN, OWN, effect);
  }

  /** The domain publishes a text that is then authenticated and has its first success. */
  KnownDraftPolicy confirmed(String text) {
    publishDraft(text);
    service.confirm(inForce());
    KnownDraftPolicy policy = inForce();
    assertThat(policy.text()).isEqualTo(text);
    assertThat(policy.standing()).isEqualTo(Standing.CONFIRMED);
    return policy;
  }

  /** Looks up, and returns the policy in force. */
  KnownDraftPolicy inForce() {
    return draft(lookup()).policy();
  }

  static PolicyLookup.Draft draft(PolicyLookup lookup) {
    assertThat(lookup).isInstanceOf(PolicyLookup.Draft.class);
    return (PolicyLookup.Draft) lookup;
  }

  /** Nothing but the policy is found, and nothing is amiss. */
  static void assertAlone(PolicyLookup lookup, KnownDraftPolicy policy) {
    assertThat(lookup)
        .isEqualTo(new PolicyLookup.Draft(policy, Optional.empty(), false, Optional.empty()));
  }

  /** The policy holds on alone, and something is amiss. */
  static void assertHolds(PolicyLookup lookup, KnownDraftPolicy kept, PolicyFailure.Kind failure) {
    PolicyLookup.Draft draft = draft(lookup);
    assertThat(draft.policy()).isEqualTo(kept);
    assertThat(draft.successor()).isEmpty();
    assertThat(failure(draft).kind()).isEqualTo(failure);
  }

  /** Nobody vouches for the text: it is reported on, and not kept. */
  static void assertReportedOnly(
      PolicyLookup lookup, String text, PolicyFailure.Kind failureOfAuthentication) {
    PolicyLookup.Draft draft = draft(lookup);
    assertThat(draft.policy().text()).isEqualTo(text);
    assertThat(draft.policy().standing()).isEqualTo(Standing.UNAUTHENTICATED);
    assertThat(draft.successor()).isEmpty();
    assertThat(failure(draft).kind()).isEqualTo(failureOfAuthentication);
  }

  /** A service on the same store that asks another resolver. */
  StsPolicyService asking(Resolver other, PolicySettings settings)
      throws InvalidOverrideFileException {
    return new StsPolicyService(
        new PolicyParts(
            other, fetcher, stores.policies(), stores.alarms(), Preloads.NONE, clock, Guards.ALL),
        Overrides.open(Optional.empty(), stores.overrides(), clock),
        settings);
  }

  /**
   * What a validating resolver would say: the answers of a real one, each TXT record of which comes
   * with this security.
   */
  record Validating(Resolver real, Security security) implements Resolver {
    private DnsReply<String> judged(DnsReply<String> reply) {
      return reply.answer() instanceof DnsAnswer.Found<String> found
          ? new DnsReply<>(new DnsAnswer.Found<>(found.records(), security), reply.keep())
          : reply;
    }

    @Override
    public DnsReply<MxRecord> mx(DomainName domain) {
      return real.mx(domain);
    }

    @Override
    public DnsReply<Inet4Address> a(DomainName host) {
      return real.a(host);
    }

    @Override
    public DnsReply<Inet6Address> aaaa(DomainName host) {
      return real.aaaa(host);
    }

    @Override
    public DnsReply<String> cname(DomainName name) {
      return real.cname(name);
    }

    @Override
    public DnsReply<TlsaRecord> tlsa(int port, DomainName base) {
      return real.tlsa(port, base);
    }

    @Override
    public boolean validates() {
      return true;
    }

    @Override
    public DnsReply<String> txt(String label, DomainName domain) {
      return judged(real.txt(label, domain));
    }

    @Override
    public DnsReply<String> freshTxt(String label, DomainName domain) {
      return judged(real.freshTxt(label, domain));
    }
  }
}
