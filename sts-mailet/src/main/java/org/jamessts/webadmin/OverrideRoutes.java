package org.jamessts.webadmin;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.apache.james.webadmin.utils.Responses;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.DomainPattern;
import org.jamessts.override.OverrideChange;
import org.jamessts.override.OverrideParse;
import org.jamessts.override.Overrides;
import org.jamessts.override.StoredOverride;
import spark.Request;
import spark.Response;
import spark.Service;

/**
 * What the operator says of domains: {@code GET /sts/overrides}, and {@code GET}, {@code PUT} and
 * {@code DELETE /sts/overrides/{pattern}}. Those of the file are shown, and changed in the file.
 */
final class OverrideRoutes {

  private static final String BASE = "/sts/overrides";
  private static final String PATTERN = ":pattern";

  private final Overrides overrides;
  private final JsonTransformer json;

  OverrideRoutes(Overrides overrides, JsonTransformer json) {
    this.overrides = overrides;
    this.json = json;
  }

  void define(Service service) {
    service.get(BASE, (request, response) -> all().map(OverrideDto::of).toList(), json);
    service.get(BASE + "/" + PATTERN, (request, response) -> find(request), json);
    service.put(BASE + "/" + PATTERN, this::put);
    service.delete(BASE + "/" + PATTERN, this::remove);
  }

  private Stream<Listed> all() {
    return Stream.concat(
            overrides.stored().stream().map(stored -> new Listed(stored, "store")),
            overrides.inFile().stream().map(stored -> new Listed(stored, "file")))
        .sorted(Comparator.comparing(listed -> listed.stored().override().pattern()));
  }

  /** An override and where it stands. */
  record Listed(StoredOverride stored, String source) {}

  /** Those of the store and of the file: that of the store comes first, and holds. */
  private List<OverrideDto> find(Request request) {
    DomainPattern pattern = pattern(request);
    List<OverrideDto> found =
        all()
            .filter(listed -> listed.stored().override().pattern().equals(pattern))
            .map(OverrideDto::of)
            .toList();
    if (found.isEmpty()) {
      throw Refusals.notFound("there is no override of " + pattern);
    }
    return found;
  }

  private String put(Request request, Response response) {
    DomainPattern pattern = pattern(request);
    OverrideParse parse = DomainOverride.parse(request.bodyAsBytes());
    if (!(parse instanceof OverrideParse.Parsed parsed)) {
      throw Refusals.bad(((OverrideParse.Invalid) parse).reason());
    }
    if (!parsed.override().pattern().equals(pattern)) {
      throw Refusals.bad(
          "domain is " + parsed.override().pattern() + "; allowed is that of the path, " + pattern);
    }
    return answer(overrides.put(parsed.override(), Parameters.who(request)), response);
  }

  private String remove(Request request, Response response) {
    return answer(overrides.remove(pattern(request), Parameters.who(request)), response);
  }

  private static String answer(OverrideChange change, Response response) {
    if (change instanceof OverrideChange.Refused refused) {
      throw Refusals.bad(refused.reason());
    }
    if (change instanceof OverrideChange.Failed failed) {
      throw Refusals.unavailable(failed.reason());
    }
    return Responses.returnNoContent(response);
  }

  private static DomainPattern pattern(Request request) {
    try {
      return DomainPattern.parse(request.params(PATTERN));
    } catch (InvalidDomainNameException e) {
      throw Refusals.bad(
          e.getMessage() + "; allowed is a domain, or *. and a domain for all below it");
    }
  }
}
