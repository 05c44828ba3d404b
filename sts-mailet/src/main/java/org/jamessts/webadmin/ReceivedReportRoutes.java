package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.util.List;
import org.jamessts.received.ReceivedPage;
import org.jamessts.received.ReceivedReports;
import spark.Request;
import spark.Response;

/** TLS reports that others sent: {@code GET /sts/receivedReports}, the latest first. */
final class ReceivedReportRoutes implements RouteGroup {

  private static final int PAGE = 1_000;

  private final ReceivedReports received;

  /** Called by Guice. */
  @Inject
  ReceivedReportRoutes(ReceivedReports received) {
    this.received = received;
  }

  @Override
  public void define(Endpoints endpoints) {
    endpoints.get("/sts/receivedReports", this::page, "limit", "offset", "domain", "day");
  }

  private List<ReceivedReportDto> page(Request request, Response response) {
    ReceivedPage page =
        received
            .latest(
                Parameters.domain(request, "domain"),
                Parameters.text(request, "day").map(Parameters::day),
                Page.offset(request),
                Page.limit(request, PAGE, PAGE))
            .orElseThrow(() -> Refusals.unavailable("the store fails"));
    page.next().ifPresent(offset -> Page.next(request, response, "offset", String.valueOf(offset)));
    return page.reports().stream().map(ReceivedReportDto::of).toList();
  }
}
