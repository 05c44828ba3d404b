package org.jamessts.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.dns.DomainName;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.explain.ExplainedDelivery;
import org.jamessts.explain.ExplainedDelivery.DeferredSummary;
import org.jamessts.override.Overrides;
import org.jamessts.policy.PolicyParts;
import org.jamessts.settings.StsSettings;
import org.jamessts.threads.DaemonThreads;
import org.jamessts.x509.PathBuilder;

/**
 * Goes the way of a mail without one, and tells what it saw: the code is that of delivery, {@link
 * MailDelivery}, with parts below it that keep, record and send nothing. At the most EHLO,
 * STARTTLS, EHLO and QUIT are said. Whoever can ask for it must not get a scanner: it goes to the
 * port of the mailet alone, to a bounded number of addresses, in a bounded time, a few at once.
 * Safe for use by many threads.
 */
public final class DryRuns {

  /** The longest that one takes. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int AT_ONCE = 4;
  private static final int MAX_WAITING = 1_000;

  private final World world;
  private final Supplier<Sender> sender;
  private final Duration limit;
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          AT_ONCE,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          DaemonThreads.named("sts-dry-run"));

  /**
   * What it looks at, and leaves as it is.
   *
   * @param policies what the policy service stands on
   * @param overrides what the operator says
   * @param deferrals mail that waits
   * @param paths judges certificates
   * @param settings of this server
   * @param enforcement what becomes of what domains publish, at the moment
   */
  public record World(
      PolicyParts policies,
      Overrides overrides,
      DeferralStore deferrals,
      PathBuilder paths,
      StsSettings settings,
      Supplier<Enforcement> enforcement) {}

  /**
   * Dry runs as this server delivers.
   *
   * @param world what it looks at
   * @param mailets the first that was made of them is the model
   */
  public DryRuns(World world, DeliveryFactory mailets) {
    this(world, mailets::sender, LIMIT);
  }

  DryRuns(World world, Supplier<Sender> sender, Duration limit) {
    this.world = world;
    this.sender = sender;
    this.limit = limit;
  }

  /**
   * Dry runs as a mailet would deliver that has not been made.
   *
   * @param world what it looks at
   * @param parameters of the mailet
   * @param ownName how it greets where the parameters do not say it
   * @throws org.jamessts.settings.InvalidSettingException for wrong parameters
   */
  public static DryRuns ofMailet(World world, Map<String, String> parameters, String ownName) {
    DeliveryParameters parsed = DeliveryParameters.parse(parameters);
    Sender sender = new Sender(parsed, parsed.connection().heloName().orElse(ownName));
    return new DryRuns(world, () -> sender, LIMIT);
  }

  /**
   * Makes one.
   *
   * @param domain of the recipient
   * @param connect whether hosts are contacted
   * @return empty while as many are under way as may be
   */
  public Optional<ExplainedDelivery> explain(DomainName domain, boolean connect)
      throws InterruptedException {
    Sender as = sender.get();
    List<NextHop> hops = Routing.nextHops(domain, as.parameters());
    DryRun run = new DryRun(world, as, connect, limit);
    Future<DeliveryReport> report;
    try {
      report = threads.submit(() -> run.goTo(domain, hops));
    } catch (RejectedExecutionException e) {
      return Optional.empty();
    }
    Optional<DeliveryReport> found = Optional.empty();
    try {
      found = Optional.of(report.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      // Told is what is known by then.
    } catch (ExecutionException e) {
      throw new IllegalStateException("the dry run for " + domain + " broke", e.getCause());
    } finally {
      report.cancel(true);
    }
    return Optional.of(run.explained(domain, found, deferred(hops.get(0).policyDomain())));
  }

  private Optional<DeferredSummary> deferred(DomainName destination) {
    try {
      List<DeferredMail> waiting =
          world.deferrals().waitingFor(destination.value(), 0, MAX_WAITING);
      Optional<DeferredMail> next = waiting.stream().findFirst();
      return Optional.of(
          new DeferredSummary(
              waiting.size(),
              waiting.size() == MAX_WAITING,
              next.map(mail -> mail.due().toString()),
              next.map(mail -> mail.cause().explanation())));
    } catch (DeferralStoreException e) {
      return Optional.empty();
    }
  }
}
