package org.jamessts.attack.dane;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jamessts.delivery.DeliveryReport;
import org.jamessts.delivery.MailDelivery;
import org.jamessts.delivery.NextHop;
import org.jamessts.delivery.OutboundMail;
import org.jamessts.delivery.TestEngine;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.Dnssec;
import org.jamessts.dns.DnssecAnchors;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidAnchorsException;
import org.jamessts.guard.Guards;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.https.HttpsSettings;
import org.jamessts.override.Overrides;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.PolicySettings;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.policy.WithoutPolicy;
import org.jamessts.smtp.Envelope;
import org.jamessts.smtp.InvalidMailboxException;
import org.jamessts.smtp.TestContent;
import org.jamessts.store.Stores;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;

/** A mail server that has just been started: the whole engine, as James would have it. */
final class MailServer implements AutoCloseable {

  private static final PolicySettings SETTINGS =
      new PolicySettings(
          Duration.ofMinutes(1),
          WithoutPolicy.DELIVER,
          WithoutPolicy.DELIVER,
          PolicySettings.Draft.OFF,
          PolicySettings.FirstDraftPolicy.AUTHENTICATED,
          0);

  /**
   * How it is set up.
   *
   * @param guards which guards stand
   * @param cacheEntries how many answers of the DNS it keeps
   * @param patience for a lookup, and for each reply of a host
   * @param preloaded a policy by MTA-STS that it knows
   */
  record Setup(
      Guards guards, int cacheEntries, Duration patience, Optional<KnownMtaStsPolicy> preloaded) {}

  private final int port;
  private final HttpsPolicyFetcher fetcher;
  private final StsPolicyService policies;
  private final MailDelivery delivery;

  MailServer(PrivateInternet net, Stores stores, Overrides overrides, Clock clock, Setup setup) {
    this.port = net.smtpPort();
    DnsJavaResolver resolver =
        new DnsJavaResolver(
            List.of(net.dns().address()),
            new DnsJavaResolver.Settings(
                setup.patience(),
                setup.cacheEntries(),
                new Dnssec(Dnssec.Mode.VALIDATE, Dnssec.OnUnable.DEFER, anchors(net))),
            clock,
            setup.guards());
    PathBuilder paths =
        new PathBuilder(TrustAnchors.of(List.of(Certificates.TRUSTED.root())), clock);
    HttpsSettings https = new HttpsSettings(net.policyPort(), true, setup.patience());
    this.fetcher = new HttpsPolicyFetcher(resolver, paths, clock, https, setup.guards());
    this.policies =
        new StsPolicyService(
            new PolicyParts(
                resolver,
                fetcher,
                stores.policies(),
                stores.alarms(),
                (domain, now) -> setup.preloaded().filter(policy -> policy.domain().equals(domain)),
                clock,
                setup.guards()),
            overrides,
            SETTINGS);
    this.delivery =
        TestEngine.of(policies, resolver, paths, setup.patience(), setup.guards(), clock);
  }

  private static DnssecAnchors anchors(PrivateInternet net) {
    try {
      return DnssecAnchors.parse(net.dns().trustAnchor());
    } catch (InvalidAnchorsException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tries once to deliver a mail to a domain. */
  DeliveryReport deliver(String domain) {
    try {
      return delivery.deliver(
          new OutboundMail(
              "mail",
              List.of(new NextHop.MailDomain(new DomainName(domain), port)),
              Envelope.parse("alice@ours.test", List.of("bob@" + domain)),
              TestContent.SHORT));
    } catch (InvalidMailboxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() {
    delivery.close();
    policies.close();
    fetcher.close();
  }
}
