package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.james.webadmin.Routes;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.override.Overrides;
import org.jamessts.policy.AlarmLog;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.Slot;
import org.jamessts.received.ReceivedReports;
import org.jamessts.retry.DeferredMails;
import org.jamessts.tlsrpt.send.Reporting;
import spark.Request;
import spark.Service;

/**
 * {@code GET /sts/policies}, {@code GET /sts/policies/{domain}}, {@code GET /sts/alarms}, {@code
 * GET /sts/receivedReports}, and those of {@link OverrideRoutes}, {@link EnforcementRoutes}, {@link
 * DeferredRoutes} and {@link ReportRoutes}.
 */
public final class StsRoutes implements Routes {

  private static final String BASE = "/sts";
  private static final int MAX_ALARMS = 1_000;
  private static final int MAX_RECEIVED = 1_000;
  private static final String DOMAIN = ":domain";

  private final PolicyStore store;
  private final AlarmLog alarms;
  private final OverrideRoutes overrides;
  private final EnforcementRoutes enforcement;
  private final DeferredRoutes deferred;
  private final ReceivedReports received;
  private final ReportRoutes reports;
  private final Clock clock;
  private final JsonTransformer json;

  /** Called by James. */
  @Inject
  public StsRoutes(
      PolicyStore store,
      Reporting reporting,
      AlarmLog alarms,
      Overrides overrides,
      EnforcementSwitch enforcement,
      DeferredMails deferred,
      ReceivedReports received,
      Clock clock,
      JsonTransformer json) {
    this.store = store;
    this.alarms = alarms;
    this.overrides = new OverrideRoutes(overrides, json);
    this.enforcement = new EnforcementRoutes(enforcement, json);
    this.deferred = new DeferredRoutes(deferred, json);
    this.received = received;
    this.reports = new ReportRoutes(reporting, clock, json);
    this.clock = clock;
    this.json = json;
  }

  @Override
  public String getBasePath() {
    return BASE;
  }

  @Override
  public void define(Service service) {
    service.get(BASE + "/policies", (request, response) -> policies(), json);
    service.get(BASE + "/policies/" + DOMAIN, (request, response) -> policy(request), json);
    service.get(BASE + "/alarms", (request, response) -> alarms(), json);
    service.get(BASE + "/receivedReports", (request, response) -> received(), json);
    overrides.define(service);
    enforcement.define(service);
    deferred.define(service);
    reports.define(service);
  }

  private List<PolicyDto> policies() {
    return store.known().stream()
        .sorted(Comparator.comparing(KnownPolicy::domain).thenComparing(KnownPolicy::slot))
        .map(PolicyDto::of)
        .toList();
  }

  private List<AlarmDto> alarms() {
    return alarms.latest(MAX_ALARMS).stream().map(AlarmDto::of).toList();
  }

  private List<ReceivedReportDto> received() {
    return received
        .latest(MAX_RECEIVED)
        .orElseThrow(() -> Refusals.unavailable("the store fails"))
        .stream()
        .map(ReceivedReportDto::of)
        .toList();
  }

  /** The one that applies: MTA-STS goes before the draft of 2016. */
  private PolicyDto policy(Request request) {
    String text = request.params(DOMAIN);
    try {
      DomainName domain = DomainName.parseInternational(text);
      return Arrays.stream(Slot.values())
          .flatMap(slot -> store.get(slot, domain).stream())
          .filter(policy -> policy.holdsAt(clock.instant()))
          .findFirst()
          .map(PolicyDto::of)
          .orElseThrow(() -> Refusals.notFound("no policy is kept"));
    } catch (InvalidDomainNameException e) {
      throw Refusals.bad(String.valueOf(e.getMessage()));
    }
  }
}
