package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.eclipse.jetty.http.HttpStatus;
import org.jamessts.delivery.DryRuns;
import org.jamessts.dns.DomainName;
import org.jamessts.explain.ExplainedDelivery;
import spark.Request;
import spark.Response;

/**
 * {@code GET /sts/explain/{domain}}: what would become of a mail to a domain now, and why; with
 * {@code connect=true} its hosts are asked. In JSON, or as text where {@code Accept} says {@code
 * text/plain}. So that nobody makes a scanner of it, only so many are answered in a minute.
 */
final class ExplainRoutes implements RouteGroup {

  private static final String PATH = "/sts/explain/:domain";
  private static final String CONNECT = "connect";
  private static final String TEXT = "text/plain";

  private static final int BURST = 10;
  private static final Duration INTERVAL = Duration.ofSeconds(6);

  private final DryRuns dryRuns;
  private final RateLimit limit;
  private final JsonTransformer json;

  /** Called by Guice. */
  @Inject
  ExplainRoutes(DryRuns dryRuns, Clock clock, JsonTransformer json) {
    this.dryRuns = dryRuns;
    this.limit = new RateLimit(BURST, INTERVAL, clock);
    this.json = json;
  }

  @Override
  public void define(Endpoints endpoints) {
    endpoints.getWritten(PATH, this::explain, CONNECT);
  }

  private String explain(Request request, Response response) throws Exception {
    DomainName domain = Parameters.domain("domain", request.params("domain"));
    boolean connect = connect(request);
    Duration wait = limit.pass();
    if (!wait.isZero()) {
      long seconds = wait.toSeconds() + 1;
      response.header("Retry-After", Long.toString(seconds));
      throw Refusals.tooMany(
          "at most %d dry runs at once, then one each %d s; try again in %d s"
              .formatted(BURST, INTERVAL.toSeconds(), seconds));
    }
    ExplainedDelivery found =
        dryRuns
            .explain(domain, connect)
            .orElseThrow(
                () -> Refusals.tooMany("as many dry runs as may be are under way; try again soon"));
    response.status(HttpStatus.OK_200);
    if (Optional.ofNullable(request.headers("Accept")).orElse("").startsWith(TEXT)) {
      response.type(TEXT + "; charset=utf-8");
      return found.toText();
    }
    return json.render(found);
  }

  private static boolean connect(Request request) {
    String text = Parameters.text(request, CONNECT).orElse("false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Refusals.bad("connect is \"" + text + "\"; allowed is true or false");
    };
  }
}
