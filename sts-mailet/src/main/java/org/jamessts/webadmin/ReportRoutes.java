package org.jamessts.webadmin;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.apache.james.webadmin.utils.Responses;
import org.jamessts.dns.DomainName;
import org.jamessts.store.StoreException;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.send.PlannedReport;
import org.jamessts.tlsrpt.send.ReportScheduler;
import org.jamessts.tlsrpt.send.ReportState;
import org.jamessts.tlsrpt.send.Reporting;
import org.jamessts.tlsrpt.send.Suppression;
import org.jamessts.tlsrpt.send.SuppressionTarget;
import spark.Request;
import spark.Response;
import spark.Service;

/**
 * What is counted and reported (RFC 8460). In pages ({@code limit} domains, {@code after} one):
 * {@code GET /sts/sessions} (today) and {@code GET /sts/sessions/{yyyy-mm-dd}}, and {@code GET
 * /sts/reports/{yyyy-mm-dd}}, of one {@code state} or all; {@code GET
 * /sts/reports/{yyyy-mm-dd}/counts}; {@code POST /sts/reports/{yyyy-mm-dd}?action=send}, for all or
 * one {@code domain}. {@code GET /sts/reports/suppressions}, and {@code PUT} ({@code target},
 * {@code until}) and {@code DELETE} ({@code target}).
 */
final class ReportRoutes {

  private static final String SESSIONS = "/sts/sessions";
  private static final String REPORTS = "/sts/reports";
  private static final String SUPPRESSIONS = REPORTS + "/suppressions";
  private static final String DAY = ":day";
  private static final int PAGE = 1_000;

  /** Domains that are read at a time: their policies may be long. */
  private static final int AT_A_TIME = 16;

  private final Reporting reporting;
  private final Clock clock;
  private final JsonTransformer json;

  ReportRoutes(Reporting reporting, Clock clock, JsonTransformer json) {
    this.reporting = reporting;
    this.clock = clock;
    this.json = json;
  }

  void define(Service service) {
    service.get(SESSIONS, (request, response) -> sessions(request, today()), json);
    service.get(SESSIONS + "/" + DAY, (request, response) -> sessions(request, day(request)), json);
    // Before those of a day: the first route that fits is taken.
    service.get(SUPPRESSIONS, (request, response) -> suppressions(), json);
    service.put(SUPPRESSIONS, this::suppress);
    service.delete(SUPPRESSIONS, this::suppressNoMore);
    service.get(REPORTS + "/" + DAY, (request, response) -> reports(request), json);
    service.get(REPORTS + "/" + DAY + "/counts", (request, response) -> counts(request), json);
    service.post(REPORTS + "/" + DAY, (request, response) -> act(request), json);
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

  private List<SessionsDto> sessions(Request request, LocalDate day) {
    Optional<DomainName> after = Parameters.domain(request, "after");
    int limit = Parameters.number(request, "limit", PAGE, PAGE);
    return ask(() -> sessions(day, after, limit));
  }

  private List<SessionsDto> sessions(LocalDate day, Optional<DomainName> after, int limit)
      throws StoreException {
    reporting.collector().flush();
    List<DomainName> domains = reporting.sessions().domains(day, after, limit);
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

  private List<ReportDto> reports(Request request) {
    LocalDate day = day(request);
    Optional<ReportState> state = Parameters.text(request, "state").map(ReportRoutes::state);
    Optional<DomainName> after = Parameters.domain(request, "after");
    int limit = Parameters.number(request, "limit", PAGE, PAGE);
    return ask(() -> reporting.reports().reports(day, state, after, limit)).stream()
        .map(ReportDto::of)
        .toList();
  }

  private static ReportState state(String text) {
    return Arrays.stream(ReportState.values())
        .filter(state -> word(state).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                Refusals.bad(
                    "state is \"%s\"; allowed is %s"
                        .formatted(
                            text,
                            Arrays.stream(ReportState.values())
                                .map(ReportRoutes::word)
                                .collect(Collectors.joining(", ")))));
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

  /**
   * What was done.
   *
   * @param reports how many are sent now
   */
  private record SentDto(int reports) {}

  private SentDto act(Request request) {
    if (!Parameters.text(request, "action").equals(Optional.of("send"))) {
      throw Refusals.bad("action is missing or unknown; allowed is send");
    }
    LocalDate day = day(request);
    Optional<DomainName> domain = Parameters.domain(request, "domain");
    ReportScheduler scheduler =
        reporting
            .scheduler()
            .orElseThrow(
                () -> Refusals.bad("no reports are sent: reports.enabled in sts.properties"));
    try {
      return new SentDto(ask(() -> scheduler.sendNow(day, domain)));
    } catch (IllegalArgumentException e) {
      throw Refusals.bad(String.valueOf(e.getMessage()));
    }
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
    Instant until = until(Parameters.text(request, "until").orElse(""));
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

  private Instant until(String text) {
    try {
      Instant until = Instant.parse(text);
      if (until.isAfter(clock.instant())) {
        return until;
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    throw Refusals.bad(
        "until is \"" + text + "\"; allowed is a moment to come, such as 2030-01-31T00:00:00Z");
  }
}
