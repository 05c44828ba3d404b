package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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

/**
 * What the operator says of domains: {@code GET /sts/overrides} in pages, and {@code GET}, {@code
 * PUT} and {@code DELETE /sts/overrides/{pattern}}. Those of the file are shown, and changed in the
 * file. A {@code PUT} may tell when it ends ({@code until}, {@code for}) beside what it says.
 */
final class OverrideRoutes implements RouteGroup {

  private static final String BASE = "/sts/overrides";
  private static final String PATTERN = ":pattern";
  private static final int PAGE = 1_000;

  private final Overrides overrides;
  private final Clock clock;

  /** Called by Guice. */
  @Inject
  OverrideRoutes(Overrides overrides, Clock clock) {
    this.overrides = overrides;
    this.clock = clock;
  }

  @Override
  public void define(Endpoints endpoints) {
    endpoints.get(BASE, this::page, "limit", "after");
    endpoints.get(BASE + "/" + PATTERN, (request, response) -> find(request));
    endpoints.putBody(BASE + "/" + PATTERN, this::put, "until", "for");
    endpoints.delete(BASE + "/" + PATTERN, this::remove);
  }

  /** Whole patterns: one may stand in the store and in the file. */
  private List<OverrideDto> page(Request request, Response response) {
    int limit = Page.limit(request, PAGE, PAGE);
    Optional<DomainPattern> after = Parameters.text(request, "after").map(OverrideRoutes::pattern);
    List<DomainPattern> patterns =
        all()
            .map(listed -> listed.stored().override().pattern())
            .filter(pattern -> after.map(last -> pattern.compareTo(last) > 0).orElse(true))
            .distinct()
            .limit(limit)
            .toList();
    Page.byKey(request, response, limit, patterns, DomainPattern::toString);
    Set<DomainPattern> wanted = Set.copyOf(patterns);
    return all()
        .filter(listed -> wanted.contains(listed.stored().override().pattern()))
        .map(OverrideDto::of)
        .toList();
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
    OverrideParse parse =
        DomainOverride.parse(request.bodyAsBytes(), Parameters.end(request, clock));
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
    return pattern(request.params(PATTERN));
  }

  private static DomainPattern pattern(String text) {
    try {
      return DomainPattern.parse(text);
    } catch (InvalidDomainNameException e) {
      throw Refusals.bad(
          e.getMessage() + "; allowed is a domain, or *. and a domain for all below it");
    }
  }
}
