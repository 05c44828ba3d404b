package org.jamessts.webadmin;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.james.webadmin.utils.JsonTransformer;
import spark.Request;
import spark.Response;
import spark.ResponseTransformer;
import spark.Route;
import spark.Service;

/**
 * All that can be asked below one path. What none of it understands is refused before anything is
 * done, with what is allowed: another path or method, a parameter that is unknown or given twice, a
 * body where none is read. So is a change that a page of another site has a browser ask for:
 * whoever may reach this server may not know that he asks. Answers are JSON; one without content is
 * an empty text.
 */
final class Endpoints {

  /** What Jetty takes apart as parameters before anybody can read it; {@code curl -d} says so. */
  private static final String FORM = "application/x-www-form-urlencoded";

  /**
   * One of them.
   *
   * @param method in capital letters
   * @param path with a colon before what varies
   * @param parameters those that it knows behind the question mark
   * @param body whether it reads a body
   */
  record Endpoint(String method, String path, Set<String> parameters, boolean body) {
    Endpoint {
      parameters = Set.copyOf(parameters);
    }

    boolean hasPath(String asked) {
      String[] ours = path.split("/", -1);
      String[] theirs = asked.split("/", -1);
      boolean fits = ours.length == theirs.length;
      for (int i = 0; fits && i < ours.length; i++) {
        fits = ours[i].startsWith(":") ? !theirs[i].isEmpty() : ours[i].equals(theirs[i]);
      }
      return fits;
    }
  }

  private final Service service;
  private final ResponseTransformer json;
  private final List<Endpoint> all = new ArrayList<>();

  /**
   * None yet.
   *
   * @param base below which they lie
   * @param service James's web server
   * @param json writes answers
   */
  Endpoints(String base, Service service, JsonTransformer json) {
    this.service = service;
    this.json = answer -> "".equals(answer) ? "" : json.render(answer);
    service.before(base, this::check);
    service.before(base + "/*", this::check);
  }

  void get(String path, Route route, String... parameters) {
    all.add(new Endpoint("GET", path, Set.of(parameters), false));
    service.get(path, route, json);
  }

  /** The same for a route that writes its answer itself. */
  void getWritten(String path, Route route, String... parameters) {
    all.add(new Endpoint("GET", path, Set.of(parameters), false));
    service.get(path, route);
  }

  void post(String path, Route route, String... parameters) {
    all.add(new Endpoint("POST", path, Set.of(parameters), false));
    service.post(path, route, json);
  }

  void postBody(String path, Route route, String... parameters) {
    all.add(new Endpoint("POST", path, Set.of(parameters), true));
    service.post(path, route, json);
  }

  void put(String path, Route route, String... parameters) {
    all.add(new Endpoint("PUT", path, Set.of(parameters), false));
    service.put(path, route, json);
  }

  void putBody(String path, Route route, String... parameters) {
    all.add(new Endpoint("PUT", path, Set.of(parameters), true));
    service.put(path, route, json);
  }

  void delete(String path, Route route, String... parameters) {
    all.add(new Endpoint("DELETE", path, Set.of(parameters), false));
    service.delete(path, route, json);
  }

  /** In the order in which they were added. */
  List<Endpoint> all() {
    return List.copyOf(all);
  }

  private void check(Request request, Response response) {
    String method = request.requestMethod().toUpperCase(Locale.ROOT);
    if (method.equals("OPTIONS")) {
      // A browser's question to James, whom it may let ask.
      return;
    }
    List<Endpoint> here =
        all.stream().filter(endpoint -> endpoint.hasPath(request.pathInfo())).toList();
    if (here.isEmpty()) {
      throw Refusals.notFound(
          "%s is not here; allowed is %s"
              .formatted(request.uri(), words(all.stream().map(Endpoint::path).toList())));
    }
    String wanted = method.equals("HEAD") ? "GET" : method;
    Optional<Endpoint> endpoint =
        here.stream().filter(one -> one.method().equals(wanted)).findFirst();
    if (endpoint.isEmpty()) {
      String methods = words(here.stream().map(Endpoint::method).toList());
      response.header("Allow", methods);
      throw Refusals.methodNotAllowed(
          "%s %s is nothing; allowed is %s".formatted(method, request.uri(), methods));
    }
    if (!wanted.equals("GET")) {
      checkSite(request, response);
    }
    checkParameters(endpoint.get(), request);
    checkBody(endpoint.get(), request);
  }

  /** The site that James lets ask ({@code cors.origin} of its webadmin) is not strange; all are. */
  private static void checkSite(Request request, Response response) {
    Optional<String> origin = Optional.ofNullable(request.headers("Origin"));
    boolean strange =
        origin
            .map(from -> !from.replaceFirst("^https?://", "").equalsIgnoreCase(request.host()))
            .orElse("cross-site".equals(request.headers("Sec-Fetch-Site")));
    String named = response.raw().getHeader("Access-Control-Allow-Origin");
    if (strange && !origin.equals(Optional.ofNullable(named))) {
      throw Refusals.forbidden(
          "a page of another site asks for a change; allowed is the site that cors.origin in"
              + " webadmin.properties names, other than *");
    }
  }

  private static void checkParameters(Endpoint endpoint, Request request) {
    Set<String> known = endpoint.parameters();
    Parameters.all(request)
        .forEach(
            (name, values) -> {
              if (!known.contains(name)) {
                throw Refusals.bad(
                    "parameter %s is unknown; allowed is %s"
                        .formatted(name, known.isEmpty() ? "none here" : words(known)));
              }
              if (values.size() > 1) {
                throw Refusals.bad(
                    "parameter %s is given %d times; allowed is once"
                        .formatted(name, values.size()));
              }
              if (values.get(0).isEmpty()) {
                // A variable of a script that was not set must not mean "all" or "for ever".
                throw Refusals.bad(
                    "parameter %s is empty; allowed is to leave it out, or a value"
                        .formatted(name));
              }
            });
  }

  private void checkBody(Endpoint endpoint, Request request) {
    // Of one that is sent in chunks the length is not known.
    boolean given = request.contentLength() > 0 || request.headers("Transfer-Encoding") != null;
    if (given && !endpoint.body()) {
      throw Refusals.bad("%s %s reads no body".formatted(endpoint.method(), request.uri()));
    }
    String type = Optional.ofNullable(request.contentType()).orElse("");
    if (given && type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
      throw Refusals.bad(
          "the body has the type "
              + FORM
              + ", as curl says unless told otherwise; allowed is -H 'Content-Type:"
              + " application/json'");
    }
  }

  private static String words(Iterable<String> words) {
    Set<String> ordered = new TreeSet<>();
    words.forEach(ordered::add);
    return ordered.stream().collect(joining(", "));
  }
}
