package org.jamessts.webadmin;

import static java.util.stream.Collectors.joining;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import spark.Request;
import spark.Response;

/** Lists in pages: what a request wants of one, and where the next page is (RFC 8288). */
final class Page {

  private Page() {}

  /** How many entries: {@code limit}. */
  static int limit(Request request, int absent, int max) {
    return Parameters.number(request, "limit", absent, 1, max);
  }

  /** How many entries to leave out: {@code offset}. */
  static int offset(Request request) {
    return Parameters.number(request, "offset", 0, 0, Integer.MAX_VALUE);
  }

  /**
   * Tells where the next page is.
   *
   * @param parameter that says where it begins
   * @param value of it
   */
  static void next(Request request, Response response, String parameter, String value) {
    Map<String, String> parameters = new LinkedHashMap<>();
    Parameters.all(request).forEach((name, values) -> parameters.put(name, values.get(0)));
    parameters.put(parameter, value);
    String query =
        parameters.entrySet().stream()
            .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
            .collect(joining("&"));
    response.header(
        "Link", "<%s?%s>; rel=\"next\"".formatted(request.raw().getRequestURI(), query));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The same, where a page that is full may have another behind it. */
  static <T> List<T> byOffset(Request request, Response response, int limit, List<T> page) {
    if (page.size() == limit) {
      next(request, response, "offset", String.valueOf(offset(request) + limit));
    }
    return page;
  }

  /** The same, where a page begins behind the last entry of the one before. */
  static <T> List<T> byKey(
      Request request, Response response, int limit, List<T> page, Function<T, String> key) {
    if (page.size() == limit) {
      next(request, response, "after", key.apply(page.get(limit - 1)));
    }
    return page;
  }
}
