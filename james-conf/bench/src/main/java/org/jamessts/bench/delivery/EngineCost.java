package org.jamessts.bench.delivery;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jamessts.delivery.MailDelivery;
import org.jamessts.delivery.NextHop;
import org.jamessts.delivery.OutboundMail;
import org.jamessts.delivery.TestEngine;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.Dnssec;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guards;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.https.HttpsSettings;
import org.jamessts.override.Overrides;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.PolicySettings;
import org.jamessts.policy.Preloads;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.smtp.Envelope;
import org.jamessts.smtp.MailContent;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;

/**
 * What a policy in mode {@code enforce} costs the engine: one thread sends mails by turns to a
 * domain that has one and to a domain without, so that the machine's own speed, which changes from
 * one second to the next by more than what is measured, is the same for both.
 */
final class EngineCost {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> DOMAINS = List.of("without.bench.test", "with.bench.test");

  /** Which of them has a policy. */
  private static final int WITH = 1;

  private final MailDelivery delivery;
  private final List<OutboundMail> mails;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  private EngineCost(MailDelivery delivery, List<OutboundMail> mails) {
    this.delivery = delivery;
    this.mails = mails;
  }

  /**
   * Measures it.
   *
   * @param internet with the hosts {@code mx.d0.bench.test} and {@code mx.d1.bench.test}
   * @param directory for a store
   * @param octets of each mail
   * @param rounds how many are measured, after as many to warm up
   * @param each how many mails go to each of both in a round
   * @return of each round, by how many nanoseconds of its thread's processor time the median mail
   *     under a policy is dearer
   */
  static List<Double> measure(
      PrivateInternet internet, Path directory, int octets, int rounds, int each) throws Exception {
    Clock clock = Clock.systemUTC();
    PathBuilder paths = new PathBuilder(TrustAnchors.of(List.of(internet.ca().root())), clock);
    DnsJavaResolver resolver =
        new DnsJavaResolver(
            List.of(internet.dns().address()),
            new DnsJavaResolver.Settings(PATIENCE, 1_000, Dnssec.NONE),
            clock,
            Guards.ALL);
    List<OutboundMail> mails = new ArrayList<>();
    for (int i = 0; i < DOMAINS.size(); i++) {
      internet.dns().mx(DOMAINS.get(i), 10, host(i));
      mails.add(mail(DOMAINS.get(i), internet.smtpPort(), octets));
    }
    internet.policy(DOMAINS.get(WITH), "enforce", host(WITH));
    HttpsSettings https = new HttpsSettings(internet.policyPort(), true, PATIENCE);
    try (Stores stores = new Stores(new EmbeddedDatabase(directory, clock), 1_000, clock);
        HttpsPolicyFetcher fetcher =
            new HttpsPolicyFetcher(resolver, paths, clock, https, Guards.ALL);
        StsPolicyService policies =
            new StsPolicyService(
                new PolicyParts(
                    resolver,
                    fetcher,
                    stores.policies(),
                    stores.alarms(),
                    Preloads.NONE,
                    clock,
                    Guards.ALL),
                Overrides.open(Optional.empty(), stores.overrides(), clock),
                PolicySettings.DEFAULT);
        MailDelivery delivery =
            TestEngine.of(policies, resolver, paths, PATIENCE, Guards.ALL, clock)) {
      for (String domain : DOMAINS) {
        PolicyLookup found = policies.lookup(new DomainName(domain)).published();
        if (found instanceof PolicyLookup.Known != domain.equals(DOMAINS.get(WITH))) {
          throw new IllegalStateException(domain + ": " + found);
        }
      }
      EngineCost cost = new EngineCost(delivery, mails);
      for (int i = 0; i < rounds; i++) {
        var unused = cost.round(each);
      }
      List<Double> nanos = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        nanos.add(cost.round(each));
      }
      return nanos;
    }
  }

  private static String host(int number) {
    return "mx.d" + number + ".bench.test";
  }

  private double round(int each) {
    long[][] nanos = new long[mails.size()][each];
    for (int i = 0; i < each; i++) {
      // First the one, then the other: what the first leaves behind is nobody's advantage.
      for (int j = 0; j < mails.size(); j++) {
        int which = (i + j) % mails.size();
        nanos[which][i] = send(mails.get(which));
      }
    }
    for (long[] one : nanos) {
      Arrays.sort(one);
    }
    return nanos[WITH][each / 2] - nanos[1 - WITH][each / 2];
  }

  private long send(OutboundMail mail) {
    long begin = threads.getCurrentThreadCpuTime();
    // With its words for the log, which say more under a policy.
    String how = TestEngine.how(delivery.deliver(mail));
    long end = threads.getCurrentThreadCpuTime();
    if (!how.contains("verified")) {
      throw new IllegalStateException(how);
    }
    return end - begin;
  }

  private static OutboundMail mail(String domain, int port, int octets) throws Exception {
    byte[] content = Load.message(octets);
    return new OutboundMail(
        "bench-to-" + domain,
        List.of(new NextHop.MailDomain(new DomainName(domain), port)),
        Envelope.parse("alice@ours.test", List.of("bob@" + domain)),
        new MailContent() {
          @Override
          public void writeTo(OutputStream out) throws IOException {
            out.write(content);
          }

          @Override
          public long size() {
            return content.length;
          }

          @Override
          public boolean eightBit() {
            return false;
          }
        });
  }
}
