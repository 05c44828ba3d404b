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
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.james.json.DTOConverter;
import org.apache.james.task.Hostname;
import org.apache.james.task.MemoryTaskManager;
import org.apache.james.webadmin.Routes;
import org.apache.james.webadmin.WebAdminServer;
import org.apache.james.webadmin.WebAdminUtils;
import org.apache.james.webadmin.routes.TasksRoutes;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.jamessts.dane.DigestAgility;
import org.jamessts.delivery.DryRunWorld;
import org.jamessts.delivery.DryRuns;
import org.jamessts.delivery.Forecast;
import org.jamessts.dns.Resolver;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.guard.Guards;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.policy.AlarmLog;
import org.jamessts.policy.PolicyFetcher;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.PolicySettings;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.Preloads;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.policy.UnwrittenPolicies;
import org.jamessts.retry.DeferredMails;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.Stores;
import org.jamessts.tasks.StsTasks;
import org.jamessts.testing.FaultyQueues;
import org.jamessts.testing.UnaskedResolver;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.tlsrpt.send.CourierResult;
import org.jamessts.tlsrpt.send.ReportScheduler;
import org.jamessts.tlsrpt.send.ReportStore;
import org.jamessts.tlsrpt.send.Reporting;
import org.jamessts.tlsrpt.send.SendSettings;
import org.jamessts.tlsrpt.send.StoredSuppressions;
import org.jamessts.whatif.Answers;
import org.jamessts.whatif.WhatIf;
import spark.Filter;
import spark.Service;
import spark.route.HttpMethod;
import spark.routematch.RouteMatch;

/** The routes behind James's own web server, asked over HTTP, at a moment that does not pass. */
final class StsWebadmin implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<HttpMethod> METHODS =
      EnumSet.of(
          HttpMethod.get, HttpMethod.post, HttpMethod.put, HttpMethod.delete, HttpMethod.patch);

  final Stores stores;
  final Reporting reporting;
  final Overrides overrides;
  final EnforcementSwitch enforcement;
  final StsRoutes routes;
  final StsPolicyService policies;
  private final World world;
  private final MemoryTaskManager tasks = new MemoryTaskManager(new Hostname("test"));
  private final Authenticated authenticated;
  private final WebAdminServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * The world in which policies are looked up.
   *
   * @param resolver asks its DNS
   * @param fetcher fetches its policies
   * @param clock tells its time
   */
  record World(Resolver resolver, PolicyFetcher fetcher, Clock clock) {
    /** Nobody is to be asked. */
    static final World NOBODY =
        new World(
            new UnaskedResolver() {},
            (host, path) -> {
              throw new AssertionError("fetched from " + host);
            },
            CLOCK);
  }

  StsWebadmin(Stores stores) {
    this(stores, World.NOBODY);
  }

  StsWebadmin(Stores stores, World world) {
    this(stores, world, Optional.empty(), (request, response) -> {});
  }

  StsWebadmin(Stores stores, Optional<Path> overrideFile, Filter authentication) {
    this(stores, World.NOBODY, overrideFile, authentication);
  }

  /**
   * @param overrideFile overrides that stand in a file
   * @param authentication what every request must pass
   */
  StsWebadmin(Stores stores, World world, Optional<Path> overrideFile, Filter authentication) {
    this(stores, world, overrideFile, authentication, DryRunWorld.unasked(stores, CLOCK));
  }

  /**
   * @param dryRuns which may live at another time
   */
  StsWebadmin(Stores stores, DryRuns dryRuns) {
    this(stores, World.NOBODY, Optional.empty(), (request, response) -> {}, dryRuns);
  }

  private StsWebadmin(
      Stores stores,
      World world,
      Optional<Path> overrideFile,
      Filter authentication,
      DryRuns dryRuns) {
    this.stores = stores;
    this.world = world;
    try {
      this.overrides = Overrides.open(overrideFile, stores.overrides(), world.clock());
    } catch (InvalidOverrideFileException e) {
      throw new IllegalStateException(e);
    }
    this.enforcement =
        EnforcementSwitch.open(
            Enforcement.ENFORCE,
            stores.enforcement(),
            Path.of("target", "enforcement-copies", UUID.randomUUID().toString()),
            world.clock(),
            () -> {});
    this.reporting = reporting(stores, world.clock());
    this.policies = policies(stores.policies(), stores.alarms());
    Answers answers = new Answers();
    WhatIf whatIf = whatIf();
    this.routes =
        new StsRoutes(
            new PolicyRoutes(stores.policies(), policies, world.clock()),
            new AlarmRoutes(stores.alarms()),
            new OverrideRoutes(overrides, world.clock()),
            new EnforcementRoutes(enforcement, world.clock()),
            new ExplainRoutes(dryRuns, CLOCK, new JsonTransformer()),
            new WhatIfRoutes(whatIf, answers, tasks, world.clock()),
            new DeferredRoutes(
                new DeferredMails(stores.deferrals(), new FaultyQueues(), world.clock())),
            new ReportRoutes(reporting, tasks, world.clock()),
            new ReceivedReportRoutes(stores.received()),
            new JsonTransformer());
    this.authenticated = new Authenticated(routes, authentication);
    this.server =
        WebAdminUtils.createWebAdminServer(
                authenticated,
                tasks(new StsTasks(() -> reporting, () -> whatIf, answers, world.clock())))
            .start();
  }

  private StsPolicyService policies(PolicyStore store, AlarmLog alarms) {
    return new StsPolicyService(
        new PolicyParts(
            world.resolver(),
            world.fetcher(),
            store,
            alarms,
            Preloads.NONE,
            world.clock(),
            Guards.ALL),
        overrides,
        PolicySettings.DEFAULT);
  }

  private WhatIf whatIf() {
    StsSettings.Dane off =
        new StsSettings.Dane(
            StsSettings.Use.OFF,
            StsSettings.InsecureMx.OPPORTUNISTIC,
            StsSettings.WithMtaSts.BOTH,
            false,
            DigestAgility.STANDARD);
    StsSettings.Mx mx = new StsSettings.Mx(true, 10, 20);
    return new WhatIf(
        new WhatIf.Parts(
            world.resolver(),
            () -> policies(new UnwrittenPolicies(stores.policies()), AlarmLog.NONE),
            Forecast.of(world.resolver(), off, mx),
            Forecast.of(world.resolver(), off.switchedOn(), mx),
            reporting.sessions(),
            world.clock()));
  }

  /** James's own routes to look at tasks. */
  private Routes tasks(StsTasks ours) {
    return new TasksRoutes(
        tasks,
        new JsonTransformer(),
        new DTOConverter<>(ours.taskAdditionalInformationDTOModules()));
  }

  /** What receives reports is not looked at here: it accepts each, and is at nobody's place. */
  private static Reporting reporting(Stores stores, Clock clock) {
    SessionStore sessions =
        new SessionStore(
            stores.reports(), SessionLimits.DEFAULT, StsSettings.Reports.DEFAULT.times());
    ReportStore reports = new ReportStore(stores.reports());
    StoredSuppressions suppressions = new StoredSuppressions(stores.reports(), clock);
    return new Reporting(
        new SessionCollector(sessions, StsSettings.Reports.DEFAULT.counting(), clock),
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
                clock)));
  }

  /** As James puts its filter before all routes. */
  private static final class Authenticated implements Routes {
    private final Routes routes;
    private final Filter filter;
    private List<RouteMatch> defined = List.of();

    Authenticated(Routes routes, Filter filter) {
      this.routes = routes;
      this.filter = filter;
    }

    @Override
    public String getBasePath() {
      return routes.getBasePath();
    }

    @Override
    public void define(Service service) {
      service.before(filter);
      routes.define(service);
      defined = service.routes();
    }
  }

  /** What our routes have told the web server, as methods and paths. */
  Set<String> defined() {
    return authenticated.defined.stream()
        .filter(route -> METHODS.contains(route.getHttpMethod()))
        .filter(route -> route.getMatchUri().startsWith(routes.getBasePath()))
        .map(
            route ->
                route.getHttpMethod().name().toUpperCase(Locale.ROOT) + " " + route.getMatchUri())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Where it listens. */
  int port() {
    return server.getPort().getValue();
  }

  /** Waits for the end of the task that a request has begun, and returns what James tells of it. */
  JsonNode finished(HttpResponse<String> begun) throws IOException, InterruptedException {
    String id = json(201, begun).get("taskId").asText();
    assertThat(begun.headers().firstValue("Location")).contains("/tasks/" + id);
    return json(200, "/tasks/" + id + "/await?timeout=60s");
  }

  HttpResponse<String> call(String method, String path, String... headers)
      throws IOException, InterruptedException {
    return send(method, path, "", headers);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port() + path);
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
    tasks.stop();
    policies.close();
  }
}
