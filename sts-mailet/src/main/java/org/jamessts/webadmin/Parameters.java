package org.jamessts.webadmin;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Strings;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.james.util.DurationParser;
import org.apache.james.webadmin.authentication.AuthenticationFilter;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.override.OperatorText;
import spark.HaltException;
import spark.Request;

/** What requests say, as values; each method refuses the request where it says something else. */
final class Parameters {

  /** Longer than anything that an operator puts off. */
  private static final Duration LONGEST = Duration.ofDays(10 * 365);

  private Parameters() {}

  /**
   * All that stands behind the question mark, and nothing else: the servlet would take a body apart
   * for more.
   */
  static Map<String, List<String>> all(Request request) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String part : Strings.nullToEmpty(request.queryString()).split("&", -1)) {
      String[] sides = part.split("=", 2);
      if (!part.isEmpty()) {
        all.computeIfAbsent(decoded(sides[0]), name -> new ArrayList<>())
            .add(sides.length == 2 ? decoded(sides[1]) : "");
      }
    }
    return all;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** A parameter behind the question mark; {@link Endpoints} refuses one that is empty. */
  static Optional<String> text(Request request, String name) {
    return all(request).getOrDefault(name, List.of()).stream().findFirst();
  }

  static int number(Request request, String name, int absent, int min, int max) {
    Optional<String> text = text(request, name);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, together with what is out of range.
    }
    throw refused(name, text.get(), "a whole number from %d to %d".formatted(min, max));
  }

  private static HaltException refused(String name, String text, String allowed) {
    return Refusals.bad("%s is \"%s\"; allowed is %s".formatted(name, text, allowed));
  }

  /** One of some values, by the word for each. */
  static <T> Optional<T> choice(
      Request request, String name, Collection<T> values, Function<T, String> word) {
    return text(request, name)
        .map(
            text ->
                values.stream()
                    .filter(value -> word.apply(value).equals(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            refused(name, text, values.stream().map(word).collect(joining(", ")))));
  }

  /** Refuses a request that does not ask for the one thing that can be done here. */
  static void action(Request request, String only) {
    if (!text(request, "action").equals(Optional.of(only))) {
      throw Refusals.bad("action is missing or unknown; allowed is " + only);
    }
  }

  /** A moment, RFC 3339. */
  static Optional<Instant> moment(Request request, String name) {
    return text(request, name).map(text -> moment(name, text));
  }

  private static Instant moment(String name, String text) {
    try {
      OffsetDateTime moment = OffsetDateTime.parse(text);
      if (isKept(moment.getYear())) {
        return moment.toInstant();
      }
    } catch (DateTimeParseException e) {
      // Said below, together with years that no database keeps.
    }
    throw refused(name, text, "a moment, such as 2030-01-31T00:00:00Z");
  }

  private static boolean isKept(int year) {
    return year > 0 && year < 9999;
  }

  /**
   * When something ends: {@code until} a moment to come, or {@code for} a time such as {@code 48
   * hours}.
   */
  static Optional<Instant> end(Request request, Clock clock) {
    Optional<Instant> until = moment(request, "until");
    Optional<String> time = text(request, "for");
    if (until.isPresent() && time.isPresent()) {
      throw Refusals.bad("both until and for are given; allowed is one of them");
    }
    if (until.isPresent() && !until.get().isAfter(clock.instant())) {
      throw Refusals.bad(
          "until is \"%s\"; allowed is a moment to come, after %s"
              .formatted(until.get(), clock.instant()));
    }
    return until.or(() -> time.map(text -> clock.instant().plus(time(text))));
  }

  private static Duration time(String text) {
    try {
      Duration time = DurationParser.parse(text, ChronoUnit.SECONDS);
      if (!time.isNegative() && !time.isZero() && time.compareTo(LONGEST) <= 0) {
        return time;
      }
    } catch (NumberFormatException | DateTimeParseException | ArithmeticException e) {
      // Said below.
    }
    throw refused("for", text, "a time of at most ten years, such as \"48 hours\"");
  }

  static DomainName domain(String name, String text) {
    try {
      return DomainName.parseInternational(text);
    } catch (InvalidDomainNameException e) {
      throw Refusals.bad(name + ": " + e.getMessage());
    }
  }

  static Optional<DomainName> domain(Request request, String name) {
    return text(request, name).map(text -> domain(name, text));
  }

  static LocalDate day(String text) {
    try {
      LocalDate day = LocalDate.parse(text);
      if (isKept(day.getYear())) {
        return day;
      }
    } catch (DateTimeParseException e) {
      // Said below, together with years that no database keeps.
    }
    throw Refusals.bad("a day is written as yyyy-mm-dd (UTC)");
  }

  /** Who asks, fit for a log: a token may name anybody. */
  static String who(Request request) {
    return Optional.<Object>ofNullable(request.attribute(AuthenticationFilter.LOGIN))
        .map(login -> OperatorText.printable(login.toString()))
        .orElseGet(() -> "webadmin at " + request.ip());
  }
}
