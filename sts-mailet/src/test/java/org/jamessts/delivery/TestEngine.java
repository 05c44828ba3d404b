package org.jamessts.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.jamessts.dns.Resolver;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.guard.Guards;
import org.jamessts.metrics.StsMetrics;
import org.jamessts.policy.PolicyService;
import org.jamessts.settings.StsSettings;
import org.jamessts.smtp.SmtpClient;
import org.jamessts.smtp.SmtpTimeouts;
import org.jamessts.smtp.SocketDialer;
import org.jamessts.tls.TlsHandshaker;
import org.jamessts.x509.PathBuilder;

/** Lets tests of other packages have the engine. */
public final class TestEngine {

  private static final int MAX_HOSTS = 10;
  private static final int MAX_ADDRESSES = 20;

  private TestEngine() {}

  /** Counts for nobody. */
  static DeliveryMeter unread() {
    return new DeliveryMeter(new StsMetrics(new RecordingMetricFactory(), new NoopGaugeRegistry()));
  }

  /** How a mail reached its first recipient, in the words of the log. */
  public static String how(DeliveryReport report) {
    return report.delivered().get(0).how();
  }

  /**
   * The engine as the mailet builds it, which records sessions for nobody.
   *
   * @param policies what domains promise
   * @param resolver what the DNS says of hosts
   * @param paths judges their certificates
   * @param patience for a connection, and for each reply
   * @param guards which guards of decisions stand
   * @param clock the moment of judgement
   */
  public static MailDelivery of(
      PolicyService policies,
      Resolver resolver,
      PathBuilder paths,
      Duration patience,
      Guards guards,
      Clock clock) {
    SmtpClient client =
        new SmtpClient(
            SocketDialer.unbound(),
            SmtpTimeouts.standard(patience, patience),
            new TlsHandshaker(paths),
            "ours.test");
    SessionLog sessions = new SessionLog(result -> {}, unread(), clock, false, address -> false);
    return new MailDelivery(
        policies,
        new Destinations(resolver, new Random(1), StsSettings.Dane.DEFAULT, guards),
        DeliveryFactory.requirements(StsSettings.Dane.DEFAULT, guards),
        new OwnHosts(Set.of(), Set.of()),
        new HostConversation(
            client, HostAccess.USUAL, policies, sessions, StsSettings.Reuse.DEFAULT, clock),
        sessions,
        new StsSettings.Mx(true, MAX_HOSTS, MAX_ADDRESSES),
        () -> Enforcement.ENFORCE,
        MailDelivery.lookups());
  }
}
