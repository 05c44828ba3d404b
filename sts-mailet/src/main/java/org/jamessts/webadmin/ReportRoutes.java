package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.james.task.Task;
import org.apache.james.task.TaskManager;
import org.apache.james.webadmin.tasks.TaskFromRequest;
import org.apache.james.webadmin.utils.Responses;
import org.jamessts.dns.DomainName;
import org.jamessts.store.StoreException;
import org.jamessts.tasks.SendReportsTask;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.send.PlannedReport;
import org.jamessts.tlsrpt.send.ReportState;
import org.jamessts.tlsrpt.send.Reporting;
import org.jamessts.tlsrpt.send.Suppression;
import org.jamessts.tlsrpt.send.SuppressionTarget;
import spark.Request;
import spark.Response;

/**
 * What is counted and reported (RFC 8460). In pages ({@code limit} domains, {@code after} one):
 * {@code GET /sts/sessions} (today) and {@code GET /sts/sessions/{yyyy-mm-dd}}, and {@code GET
 * /sts/reports/{yyyy-mm-dd}}, of one {@code state} or all; {@code GET
 * /sts/reports/{yyyy-mm-dd}/counts}; {@code POST /sts/reports/{yyyy-mm-dd}?action=send}, a task,
 * for all or one {@code domain}. {@code GET /sts/reports/suppressions}, and {@code PUT} ({@code
 * target}, and {@code until} or {@code for}) and {@code DELETE} ({@code target}).
 */
final class ReportRoutes implements RouteGroup {

  private static final String SESSIONS = "/sts/sessions";
  private static final String REPORTS = "/sts/reports";
  private static final String SUPPRESSIONS = REPORTS + "/suppressions";
  private static final String DAY = ":day";
  private static final int PAGE = 1_000;

  /** Domains that are read at a time: their policies may be long. */
  private static final int AT_A_TIME = 16;

  private final Reporting reporting;
  private final TaskManager tasks;
  private final Clock clock;

  /** Called by Guice. */
  @Inject
  ReportRoutes(Reporting reporting, TaskManager tasks, Clock clock) {
    this.reporting = reporting;
    this.tasks = tasks;
    this.clock = clock;
  }

  @Override
  public void define(Endpoints endpoints) {
    endpoints.get(
        SESSIONS, (request, response) -> sessions(request, response, today()), "limit", "after");
    endpoints.get(
        SESSIONS + "/" + DAY,
        (request, response) -> sessions(request, response, day(request)),
        "limit",
        "after");
    // Before those of a day: the first route that fits is taken.
    endpoints.get(SUPPRESSIONS, (request, response) -> suppressions());
    endpoints.put(SUPPRESSIONS, this::suppress, "target", "until", "for");
    endpoints.delete(SUPPRESSIONS, this::suppressNoMore, "target");
    endpoints.get(REPORTS + "/" + DAY, this::reports, "state", "limit", "after");
    endpoints.get(REPORTS + "/" + DAY + "/counts", (request, response) -> counts(request));
    TaskFromRequest send = this::send;
    endpoints.post(REPORTS + "/" + DAY, send.asRoute(tasks), "action", "domain");
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static LocalDate day(Request request) {
    return Parameters.day(request.params(DAY));
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws StoreException;
  }

  private static <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (StoreException e) {
      throw Refusals.unavailable(e.reason());
    }
  }

  private List<SessionsDto> sessions(Request request, Response response, LocalDate day) {
    Optional<DomainName> after = Parameters.domain(request, "after");
    int limit = Page.limit(request, PAGE, PAGE);
    return ask(
        () -> {
          reporting.collector().flush();
          List<DomainName> domains = reporting.sessions().domains(day, after, limit);
          Page.byKey(request, response, limit, domains, DomainName::value);
          return sessions(day, domains);
        });
  }

  private List<SessionsDto> sessions(LocalDate day, List<DomainName> domains)
      throws StoreException {
    List<SessionsDto> page = new ArrayList<>();
    for (int from = 0; from < domains.size(); from += AT_A_TIME) {
      List<DomainName> some = domains.subList(from, Math.min(from + AT_A_TIME, domains.size()));
      Map<DomainName, List<PolicySummary>> found = reporting.sessions().of(day, some);
      for (DomainName domain : some) {
        found.getOrDefault(domain, List.of()).stream().map(SessionsDto::of).forEach(page::add);
      }
    }
    return page;
  }

  /**
   * A report as JSON.
   *
   * @param domain whose sessions it tells of
   * @param reportId the same for each attempt
   * @param state {@code pending}, {@code sent}, {@code not-wanted} or {@code given-up}
   * @param attempts how many there were
   * @param due when it is tried next, or was done
   * @param outcome who has accepted it, or why nobody has; empty before the first attempt
   */
  private record ReportDto(
      String domain, String reportId, String state, int attempts, String due, String outcome) {
    static ReportDto of(PlannedReport report) {
      return new ReportDto(
          report.domain().value(),
          report.id().value(),
          word(report.state()),
          report.attempts(),
          report.due().toString(),
          report.outcome());
    }
  }

  private static String word(ReportState state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private List<ReportDto> reports(Request request, Response response) {
    LocalDate day = day(request);
    Optional<ReportState> state =
        Parameters.choice(request, "state", List.of(ReportState.values()), ReportRoutes::word);
    Optional<DomainName> after = Parameters.domain(request, "after");
    int limit = Page.limit(request, PAGE, PAGE);
    return Page.byKey(
        request,
        response,
        limit,
        ask(() -> reporting.reports().reports(day, state, after, limit)).stream()
            .map(ReportDto::of)
            .toList(),
        ReportDto::domain);
  }

  /** Each state, also those without reports. */
  private Map<String, Long> counts(Request request) {
    LocalDate day = day(request);
    Map<ReportState, Long> counted = ask(() -> reporting.reports().counts(day));
    Map<String, Long> counts = new TreeMap<>();
    for (ReportState state : ReportState.values()) {
      counts.put(word(state), counted.getOrDefault(state, 0L));
    }
    return counts;
  }

  private Task send(Request request) {
    Parameters.action(request, "send");
    LocalDate day = day(request);
    if (!day.isBefore(today())) {
      throw Refusals.bad("the day %s has not ended; allowed is one before today".formatted(day));
    }
    Optional<DomainName> domain = Parameters.domain(request, "domain");
    return reporting
        .scheduler()
        .map(scheduler -> new SendReportsTask(scheduler, reporting.reports(), day, domain, clock))
        .orElseThrow(() -> Refusals.bad("no reports are sent: reports.enabled in sts.properties"));
  }

  /**
   * A suppression as JSON.
   *
   * @param target to whom nothing is sent
   * @param until when it ends, or has ended
   * @param changedBy who has said so last
   * @param changedAt when
   */
  private record SuppressionDto(String target, String until, String changedBy, String changedAt) {
    static SuppressionDto of(Suppression suppression) {
      return new SuppressionDto(
          suppression.target().text(),
          suppression.ends().toString(),
          suppression.changedBy(),
          suppression.changedAt().toString());
    }
  }

  private List<SuppressionDto> suppressions() {
    return ask(() -> reporting.suppressions().all()).stream().map(SuppressionDto::of).toList();
  }

  private String suppress(Request request, Response response) {
    SuppressionTarget target = target(request);
    Instant until =
        Parameters.end(request, clock)
            .orElseThrow(
                () ->
                    Refusals.bad(
                        "a suppression needs an end: allowed is until, a moment such as"
                            + " 2030-01-31T00:00:00Z, or for, a time such as 48 hours"));
    return ask(
        () -> {
          reporting.suppressions().put(target, until, Parameters.who(request));
          return Responses.returnNoContent(response);
        });
  }

  private String suppressNoMore(Request request, Response response) {
    SuppressionTarget target = target(request);
    if (!ask(() -> reporting.suppressions().remove(target))) {
      throw Refusals.notFound("nothing is suppressed for " + target);
    }
    return Responses.returnNoContent(response);
  }

  private static SuppressionTarget target(Request request) {
    try {
      return SuppressionTarget.parse(Parameters.text(request, "target").orElse(""));
    } catch (IllegalArgumentException e) {
      throw Refusals.bad("target is " + e.getMessage());
    }
  }
}
