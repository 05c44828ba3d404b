package org.jamessts.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.utils.PropertiesProvider;
import org.jamessts.delivery.DeliveryFactory;
import org.jamessts.delivery.Destinations;
import org.jamessts.delivery.DryRuns;
import org.jamessts.delivery.Forecast;
import org.jamessts.dns.Resolver;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.guard.Guards;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.https.HttpsPoster;
import org.jamessts.metrics.StsMetrics;
import org.jamessts.metrics.StsMetrics.Gauge;
import org.jamessts.override.CopiedOverrideStore;
import org.jamessts.override.Overrides;
import org.jamessts.policy.AlarmLog;
import org.jamessts.policy.PolicyFetcher;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.PolicyRefresher;
import org.jamessts.policy.PolicyService;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.received.ReceivedReports;
import org.jamessts.reports.JamesReportMailer;
import org.jamessts.retry.DeferredMails;
import org.jamessts.settings.InvalidSettingException;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.Database;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.PostgresDatabase;
import org.jamessts.store.Stores;
import org.jamessts.tlsrpt.SessionRecorder;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.tlsrpt.discover.ReportDestinations;
import org.jamessts.tlsrpt.send.EndpointCourier;
import org.jamessts.tlsrpt.send.ReportCourier;
import org.jamessts.tlsrpt.send.ReportScheduler;
import org.jamessts.tlsrpt.send.ReportStore;
import org.jamessts.tlsrpt.send.Reporting;
import org.jamessts.tlsrpt.send.StoredSuppressions;
import org.jamessts.whatif.Answers;
import org.jamessts.whatif.WhatIf;
import org.jamessts.x509.PathBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of the extension and how they hang together. James builds it once, while it starts, so
 * the settings are read here: a bad one stops the start before anything listens.
 */
public final class StsModule extends AbstractModule {

  private static final Logger LOGGER = LoggerFactory.getLogger(StsModule.class);

  private final StsSettings settings;

  /**
   * Called by James.
   *
   * @param properties finds {@code conf/sts.properties}; without the file all defaults hold
   * @param files knows the working directory
   * @throws InvalidSettingException for a bad setting
   */
  @Inject
  public StsModule(PropertiesProvider properties, FileSystem files) {
    try {
      this.settings = StsSettings.parse(read(properties), baseDirectory(files));
    } catch (InvalidSettingException e) {
      // James prints a long trace of what failed because of this; the one line is for the operator.
      LOGGER.error("{}", e.getMessage());
      throw e;
    }
  }

  /** What {@code sts.properties} says; nothing where there is no such file. */
  static Map<String, String> read(PropertiesProvider properties) {
    try {
      Configuration configuration = properties.getConfiguration("sts");
      Map<String, String> values = new HashMap<>();
      configuration
          .getKeys()
          .forEachRemaining(
              key -> values.put(key, String.join(",", configuration.getStringArray(key))));
      return values;
    } catch (FileNotFoundException e) {
      LOGGER.info("there is no {}: all defaults hold", StsSettings.FILE);
      return Map.of();
    } catch (ConfigurationException e) {
      throw new InvalidSettingException(
          StsSettings.FILE,
          "the file",
          String.valueOf(e.getMessage()),
          "a readable properties file");
    }
  }

  private static Path baseDirectory(FileSystem files) {
    try {
      return files.getBasedir().toPath();
    } catch (FileNotFoundException e) {
      throw new IllegalStateException("James has no working directory", e);
    }
  }

  @Override
  protected void configure() {
    bind(StsSettings.class).toInstance(settings);
    // Dry runs go as the mailets do that it has made.
    bind(DeliveryFactory.class).in(Singleton.class);
    bind(Answers.class).in(Singleton.class);
  }

  @Provides
  @Singleton
  JamesDns dns(DNSService james, Clock clock) {
    return new JamesDns(settings.dns(), james, clock);
  }

  @Provides
  Resolver resolver(JamesDns dns) {
    return dns;
  }

  @Provides
  @Singleton
  Destinations destinations(Resolver resolver) {
    return new Destinations(resolver, new Random(), settings.dane(), Guards.ALL);
  }

  @Provides
  @Singleton
  PathBuilder pathBuilder(Clock clock) {
    return new PathBuilder(settings.trustAnchors(), clock);
  }

  @Provides
  @Singleton
  PolicyFetcher policyFetcher(Resolver resolver, PathBuilder paths, Clock clock) {
    return new HttpsPolicyFetcher(resolver, paths, clock, settings.https(), Guards.ALL);
  }

  /** Nothing closes them: mail is still being delivered when James tells us that it stops. */
  @Provides
  @Singleton
  Stores stores(StsMetrics metrics, Clock clock) {
    Database database =
        settings
            .store()
            .server()
            .<Database>map(PostgresDatabase::new)
            .orElseGet(() -> new EmbeddedDatabase(settings.store().directory(), clock));
    Stores stores = new Stores(database, settings.policies().remembered(), clock);
    metrics.show(Gauge.STORE_FAILURES, stores::failures);
    return stores;
  }

  @Provides
  PolicyStore policyStore(Stores stores) {
    return stores.policies();
  }

  @Provides
  AlarmLog alarmLog(Stores stores) {
    return stores.alarms();
  }

  @Provides
  ReceivedReports receivedReports(Stores stores) {
    return stores.received();
  }

  @Provides
  @Singleton
  DeferredMails deferredMails(
      Stores stores, MailQueueFactory<?> queues, StsMetrics metrics, Clock clock) {
    DeferredMails deferred = new DeferredMails(stores.deferrals(), queues, clock);
    metrics.show(Gauge.DEFERRED_MAILS, deferred::size);
    return deferred;
  }

  @Provides
  @Singleton
  OperatorFiles operatorFiles(Stores stores, Clock clock) {
    Path copy = settings.store().directory().resolve("overrides.copy.json");
    return OperatorFiles.open(
        settings.files(),
        new CopiedOverrideStore(stores.overrides(), stores::damage, copy, clock),
        clock);
  }

  @Provides
  @Singleton
  EnforcementSwitch enforcementSwitch(
      Stores stores, DeferredMails deferred, StsMetrics metrics, Clock clock) {
    EnforcementSwitch enforcement =
        EnforcementSwitch.open(
            settings.enforcement(),
            stores.enforcement(),
            settings.store().directory().resolve("enforcement.copy"),
            clock,
            deferred::enforcementLowered);
    metrics.show(Gauge.ENFORCEMENT, () -> level(enforcement.get()));
    return enforcement;
  }

  private static int level(Enforcement enforcement) {
    return switch (enforcement) {
      case OFF -> 0;
      case REPORT_ONLY -> 1;
      case ENFORCE -> 2;
    };
  }

  @Provides
  Overrides overrides(OperatorFiles files) {
    return files.overrides();
  }

  @Provides
  @Singleton
  PolicyParts policyParts(
      Resolver resolver, PolicyFetcher fetcher, Stores stores, OperatorFiles files, Clock clock) {
    return new PolicyParts(
        resolver, fetcher, stores.policies(), stores.alarms(), files.preloads(), clock, Guards.ALL);
  }

  @Provides
  @Singleton
  StsPolicyService stsPolicyService(
      PolicyParts parts, Overrides overrides, DeferredMails deferred, StsMetrics metrics) {
    StsPolicyService service =
        new StsPolicyService(parts, overrides, settings.policies(), deferred);
    metrics.show(Gauge.LOOKUPS_IN_MEMORY, service::remembered);
    return service;
  }

  @Provides
  @Singleton
  DryRuns dryRuns(
      PolicyParts parts,
      Overrides overrides,
      Stores stores,
      EnforcementSwitch enforcement,
      PathBuilder paths,
      DeliveryFactory mailets) {
    return new DryRuns(
        new DryRuns.World(parts, overrides, stores.deferrals(), paths, settings, enforcement),
        mailets);
  }

  /** Each question has a policy service of its own, which keeps nothing. */
  @Provides
  @Singleton
  WhatIf whatIf(
      PolicyParts parts,
      Overrides overrides,
      Resolver resolver,
      PolicyFetcher fetcher,
      SessionStore sessions,
      Clock clock) {
    PolicyParts looking = parts.forALook(resolver, fetcher);
    return new WhatIf(
        new WhatIf.Parts(
            resolver,
            () -> new StsPolicyService(looking, overrides, settings.policies()),
            Forecast.of(resolver, settings.dane(), settings.mx()),
            Forecast.of(resolver, settings.dane().switchedOn(), settings.mx()),
            sessions,
            clock));
  }

  /** Whoever asks for policies needs them kept fresh, too. */
  @Provides
  @Singleton
  PolicyService policyService(StsPolicyService service, BackgroundWork work) {
    work.start();
    return service;
  }

  @Provides
  @Singleton
  PolicyRefresher policyRefresher(StsPolicyService service, Stores stores, Clock clock) {
    return new PolicyRefresher(service, stores.refreshes(), clock);
  }

  @Provides
  @Singleton
  SessionStore sessionStore(Stores stores) {
    return new SessionStore(
        stores.reports(), settings.reports().counting().limits(), settings.reports().times());
  }

  @Provides
  @Singleton
  SessionCollector sessionCollector(SessionStore store, StsMetrics metrics, Clock clock) {
    SessionCollector collector = new SessionCollector(store, settings.reports().counting(), clock);
    metrics.show(Gauge.SESSIONS_DROPPED, collector::dropped);
    return collector;
  }

  /** Whoever records sessions needs them kept, too. */
  @Provides
  @Singleton
  SessionRecorder sessionRecorder(SessionCollector collector) {
    collector.start();
    return collector;
  }

  @Provides
  @Singleton
  StoredSuppressions suppressions(Stores stores, Clock clock) {
    return new StoredSuppressions(stores.reports(), clock);
  }

  @Provides
  @Singleton
  Reporting reporting(
      SessionCollector collector,
      SessionStore sessions,
      StoredSuppressions suppressions,
      Stores stores,
      Provider<ReportCourier> courier,
      Clock clock) {
    ReportStore reports = new ReportStore(stores.reports());
    return new Reporting(
        collector,
        sessions,
        reports,
        suppressions,
        settings
            .reports()
            .reporter()
            .map(
                reporter ->
                    new ReportScheduler(
                        reports,
                        sessions,
                        suppressions,
                        courier.get(),
                        settings.reports().sending(),
                        clock)));
  }

  /** Asked for where the operator reports. */
  @Provides
  @Singleton
  ReportCourier reportCourier(
      Resolver resolver,
      PathBuilder paths,
      MailQueueFactory<?> queues,
      StoredSuppressions suppressions,
      Clock clock) {
    return new EndpointCourier(
        settings.reports().reporter().orElseThrow(),
        new ReportDestinations(resolver),
        new HttpsPoster(resolver, paths, clock, settings.https()),
        new JamesReportMailer(queues, settings.reports().processor(), clock),
        suppressions);
  }
}
