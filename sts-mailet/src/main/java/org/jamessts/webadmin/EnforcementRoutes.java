package org.jamessts.webadmin;

import static java.util.stream.Collectors.joining;

import com.google.inject.Inject;
import java.time.Clock;
import java.util.List;
import org.apache.james.webadmin.utils.Responses;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementChange;
import org.jamessts.enforcement.EnforcementSwitch;
import spark.Request;
import spark.Response;

/**
 * The switch that takes enforcement back: {@code GET /sts/enforcement} tells what holds and who
 * wanted it, {@code PUT /sts/enforcement?mode=...} with {@code until} or {@code for}, and {@code
 * comment}, orders something for all servers of the store, and {@code DELETE} returns to the
 * setting of each.
 */
final class EnforcementRoutes implements RouteGroup {

  private static final String PATH = "/sts/enforcement";

  private final EnforcementSwitch enforcement;
  private final Clock clock;

  /** Called by Guice. */
  @Inject
  EnforcementRoutes(EnforcementSwitch enforcement, Clock clock) {
    this.enforcement = enforcement;
    this.clock = clock;
  }

  @Override
  public void define(Endpoints endpoints) {
    endpoints.get(PATH, (request, response) -> EnforcementDto.of(enforcement.state()));
    endpoints.put(PATH, this::put, "mode", "until", "for", "comment");
    endpoints.delete(
        PATH, (request, response) -> answer(enforcement.giveUp(Parameters.who(request)), response));
  }

  private String put(Request request, Response response) {
    return answer(
        enforcement.order(
            mode(request),
            Parameters.end(request, clock),
            Parameters.text(request, "comment").orElse(""),
            Parameters.who(request)),
        response);
  }

  private static Enforcement mode(Request request) {
    List<Enforcement> modes = List.of(Enforcement.values());
    return Parameters.choice(request, "mode", modes, Enforcement::keyword)
        .orElseThrow(
            () ->
                Refusals.bad(
                    "mode is missing; allowed is "
                        + modes.stream().map(Enforcement::keyword).collect(joining(", "))));
  }

  private static String answer(EnforcementChange change, Response response) {
    if (change instanceof EnforcementChange.Refused refused) {
      throw Refusals.bad(refused.reason());
    }
    if (change instanceof EnforcementChange.Failed failed) {
      throw Refusals.unavailable(failed.reason());
    }
    return Responses.returnNoContent(response);
  }
}
