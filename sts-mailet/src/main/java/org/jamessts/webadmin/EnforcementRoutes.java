package org.jamessts.webadmin;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.apache.james.webadmin.utils.Responses;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementChange;
import org.jamessts.enforcement.EnforcementSwitch;
import spark.Request;
import spark.Response;
import spark.Service;

/**
 * The switch that takes enforcement back: {@code GET /sts/enforcement} tells what holds and who
 * wanted it, {@code PUT /sts/enforcement?mode=...} with {@code until} and {@code comment} orders
 * something for all servers of the store, and {@code DELETE} returns to the setting of each.
 */
final class EnforcementRoutes {

  private static final String PATH = "/sts/enforcement";

  private final EnforcementSwitch enforcement;
  private final JsonTransformer json;

  EnforcementRoutes(EnforcementSwitch enforcement, JsonTransformer json) {
    this.enforcement = enforcement;
    this.json = json;
  }

  void define(Service service) {
    service.get(PATH, (request, response) -> EnforcementDto.of(enforcement.state()), json);
    service.put(PATH, this::put);
    service.delete(
        PATH, (request, response) -> answer(enforcement.giveUp(Parameters.who(request)), response));
  }

  private String put(Request request, Response response) {
    return answer(
        enforcement.order(
            mode(request),
            until(request),
            Parameters.text(request, "comment").orElse(""),
            Parameters.who(request)),
        response);
  }

  private static Enforcement mode(Request request) {
    return Parameters.text(request, "mode")
        .flatMap(Enforcement::of)
        .orElseThrow(
            () ->
                Refusals.bad(
                    "mode is missing or unknown; allowed is "
                        + Arrays.stream(Enforcement.values())
                            .map(Enforcement::keyword)
                            .collect(Collectors.joining(", "))));
  }

  private static Optional<Instant> until(Request request) {
    try {
      return Parameters.text(request, "until").map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw Refusals.bad("until is no moment of RFC 3339, such as 2026-12-01T00:00:00Z");
    }
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
