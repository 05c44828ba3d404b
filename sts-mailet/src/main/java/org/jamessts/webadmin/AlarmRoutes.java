package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.util.List;
import org.jamessts.policy.AlarmLog;
import spark.Request;
import spark.Response;

/** Policies that became less while they were kept: {@code GET /sts/alarms}, the latest first. */
final class AlarmRoutes implements RouteGroup {

  private static final int PAGE = 1_000;

  private final AlarmLog alarms;

  /** Called by Guice. */
  @Inject
  AlarmRoutes(AlarmLog alarms) {
    this.alarms = alarms;
  }

  @Override
  public void define(Endpoints endpoints) {
    endpoints.get("/sts/alarms", this::page, "limit", "offset", "domain");
  }

  private List<AlarmDto> page(Request request, Response response) {
    int limit = Page.limit(request, PAGE, PAGE);
    return Page.byOffset(
        request,
        response,
        limit,
        alarms
            .latest(Parameters.domain(request, "domain"), Page.offset(request), limit)
            .orElseThrow(() -> Refusals.unavailable("the store fails"))
            .stream()
            .map(AlarmDto::of)
            .toList());
  }
}
