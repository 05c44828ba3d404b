package org.jamessts.webadmin;

import com.google.common.base.Strings;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.james.webadmin.authentication.AuthenticationFilter;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import spark.Request;

/** What requests say, as values; each method refuses the request where it says something else. */
final class Parameters {

  private Parameters() {}

  /** A parameter behind the question mark; none where it is missing or empty. */
  static Optional<String> text(Request request, String name) {
    return Optional.of(Strings.nullToEmpty(request.queryParams(name)))
        .filter(text -> !text.isEmpty());
  }

  static int number(Request request, String name, int absent, int max) {
    Optional<String> text = text(request, name);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, together with what is out of range.
    }
    throw Refusals.bad(
        name + " is \"" + text.get() + "\"; allowed is a whole number from 0 to " + max);
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
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw Refusals.bad("a day is written as yyyy-mm-dd (UTC)");
    }
  }

  /** Who asks. */
  static String who(Request request) {
    return Optional.<Object>ofNullable(request.attribute(AuthenticationFilter.LOGIN))
        .map(Object::toString)
        .orElseGet(() -> "webadmin at " + request.ip());
  }
}
