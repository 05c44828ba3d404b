package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.webadmin.Routes;
import org.apache.james.webadmin.WebAdminServer;
import org.apache.james.webadmin.WebAdminUtils;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.retry.DeferredMails;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.Stores;
import org.jamessts.testing.FaultyQueues;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.tlsrpt.send.CourierResult;
import org.jamessts.tlsrpt.send.ReportScheduler;
import org.jamessts.tlsrpt.send.ReportStore;
import org.jamessts.tlsrpt.send.Reporting;
import org.jamessts.tlsrpt.send.SendSettings;
import org.jamessts.tlsrpt.send.StoredSuppressions;
import spark.Filter;
import spark.Service;

/** The routes behind James's own web server, asked over HTTP, at a moment that does not pass. */
final class StsWebadmin implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final ObjectMapper JSON = new ObjectMapper();

  final Stores stores;
  final Reporting reporting;
  final Overrides overrides;
  final EnforcementSwitch enforcement;
  final StsRoutes routes;
  private final WebAdminServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  StsWebadmin(Stores stores) {
    this(stores, Optional.empty(), (request, response) -> {});
  }

  /**
   * @param overrideFile overrides that stand in a file
   * @param authentication what every request must pass
   */
  StsWebadmin(Stores stores, Optional<Path> overrideFile, Filter authentication) {
    this.stores = stores;
    try {
      this.overrides = Overrides.open(overrideFile, stores.overrides(), CLOCK);
    } catch (InvalidOverrideFileException e) {
      throw new IllegalStateException(e);
    }
    this.enforcement =
        EnforcementSwitch.open(
            Enforcement.ENFORCE,
            stores.enforcement(),
            Path.of("target", "enforcement-copies", UUID.randomUUID().toString()),
            CLOCK,
            () -> {});
    this.reporting = reporting(stores);
    this.routes =
        new StsRoutes(
            stores.policies(),
            reporting,
            stores.alarms(),
            overrides,
            enforcement,
            new DeferredMails(stores.deferrals(), new FaultyQueues(), CLOCK),
            stores.received(),
            CLOCK,
            new JsonTransformer());
    this.server =
        WebAdminUtils.createWebAdminServer(new Authenticated(routes, authentication)).start();
  }

  /** What receives reports is not looked at here: it accepts each, and is at nobody's place. */
  private static Reporting reporting(Stores stores) {
    SessionStore sessions =
        new SessionStore(
            stores.reports(), SessionLimits.DEFAULT, StsSettings.Reports.DEFAULT.times());
    ReportStore reports = new ReportStore(stores.reports());
    StoredSuppressions suppressions = new StoredSuppressions(stores.reports(), CLOCK);
    return new Reporting(
        new SessionCollector(sessions, StsSettings.Reports.DEFAULT.counting(), CLOCK),
        sessions,
        reports,
        suppressions,
        Optional.of(
            new ReportScheduler(
                reports,
                sessions,
                suppressions,
                report -> new CourierResult.Accepted("mailto:r@" + report.policyDomain()),
                SendSettings.DEFAULT,
                CLOCK)));
  }

  /** As James puts its filter before all routes. */
  private record Authenticated(Routes routes, Filter filter) implements Routes {
    @Override
    public String getBasePath() {
      return routes.getBasePath();
    }

    @Override
    public void define(Service service) {
      service.before(filter);
      routes.define(service);
    }
  }

  HttpResponse<String> call(String method, String path, String... headers)
      throws IOException, InterruptedException {
    return send(method, path, "", headers);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.getPort().getValue() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** What a GET answers. */
  JsonNode json(int status, String path) throws IOException, InterruptedException {
    return json(status, call("GET", path));
  }

  static JsonNode json(int status, HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    return parse(response.body());
  }

  /** An error in the form in which James tells all of them. */
  static void assertError(HttpResponse<String> response, int status, String type, String... words)
      throws IOException {
    JsonNode error = json(status, response);
    assertThat(error.get("statusCode").asInt()).isEqualTo(status);
    assertThat(error.get("type").asText()).isEqualToIgnoringCase(type);
    assertThat(error.get("message").asText()).contains(words).doesNotContain("\n");
  }

  static JsonNode parse(String json) throws IOException {
    return JSON.readTree(json);
  }

  @Override
  public void close() {
    reporting.scheduler().ifPresent(ReportScheduler::close);
    server.destroy();
  }
}
