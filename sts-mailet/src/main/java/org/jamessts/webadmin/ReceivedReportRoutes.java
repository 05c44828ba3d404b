package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.jamessts.received.ReceivedPage;
import org.jamessts.received.ReceivedReports;
import org.jamessts.tlsrpt.receive.ReportReader;
import org.jamessts.tlsrpt.receive.UnreadableReportException;
import spark.HaltException;
import spark.Request;
import spark.Response;

/**
 * TLS reports that others sent: {@code GET /sts/receivedReports}, the latest first, and each in
 * full as it arrived at {@code GET /sts/receivedReports/{key}}.
 */
final class ReceivedReportRoutes implements RouteGroup {

  private static final String BASE = "/sts/receivedReports";
  private static final String KEY = ":key";
  private static final Pattern KEYS = Pattern.compile("[0-9a-f]{64}");
  private static final int PAGE = 1_000;

  private final ReceivedReports received;

  /** Called by Guice. */
  @Inject
  ReceivedReportRoutes(ReceivedReports received) {
    this.received = received;
  }

  @Override
  public void define(Endpoints endpoints) {
    endpoints.get(BASE, this::page, "limit", "offset", "domain", "day");
    endpoints.getWritten(BASE + "/" + KEY, this::document);
  }

  private List<ReceivedReportDto> page(Request request, Response response) {
    ReceivedPage page =
        received
            .latest(
                Parameters.domain(request, "domain"),
                Parameters.text(request, "day").map(Parameters::day),
                Page.offset(request),
                Page.limit(request, PAGE, PAGE))
            .orElseThrow(ReceivedReportRoutes::storeFails);
    page.next().ifPresent(offset -> Page.next(request, response, "offset", String.valueOf(offset)));
    return page.reports().stream().map(ReceivedReportDto::of).toList();
  }

  private static HaltException storeFails() {
    return Refusals.unavailable("the store fails");
  }

  /** The stranger's own words, which a browser must not take for more than they are. */
  private byte[] document(Request request, Response response) throws UnreadableReportException {
    String key = request.params(KEY);
    if (!KEYS.matcher(key).matches()) {
      throw Refusals.bad(
          "key is \"%s\"; allowed is the key of a report, 64 hexadecimal digits".formatted(key));
    }
    byte[] document = received.document(key).orElseThrow(ReceivedReportRoutes::storeFails);
    if (document.length == 0) {
      throw Refusals.notFound("there is no received report " + key);
    }
    response.status(HttpStatus.OK_200);
    response.type("application/tlsrpt+json");
    response.header("X-Content-Type-Options", "nosniff");
    return ReportReader.inflated(document);
  }
}
