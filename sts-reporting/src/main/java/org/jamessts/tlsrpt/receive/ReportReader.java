package org.jamessts.tlsrpt.receive;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamessts.json.JsonReader;
import org.jamessts.json.MalformedJsonException;
import org.jamessts.tlsrpt.receive.UnreadableReportException.Kind;

/**
 * Reads reports: {@code application/tlsrpt+json} and {@code application/tlsrpt+gzip} (RFC 8460
 * §6.4, §6.5). Which of the two it is, the octets tell; media types have been seen wrong.
 */
public final class ReportReader {

  /** The largest report as it arrives, in octets. */
  public static final int MAX_OCTETS = 15_000_000;

  /** The largest report when it is inflated, in octets. */
  public static final int MAX_INFLATED = 20_000_000;

  /** The longest text of one value, in characters. */
  public static final int MAX_TEXT = 10_000;

  /** The largest number of names and values in a report: some 50,000 failures. */
  static final int MAX_TOKENS = 1_000_000;

  static final long MAX_COUNT = 1_000_000_000_000L;

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  /** A date and a time; what follows is an offset, or nothing. */
  private static final Pattern LOCAL =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?");

  private static final Pattern OFFSET = Pattern.compile("[Zz]|[+-]\\d\\d:\\d\\d");
  private static final int LONGEST_TIME = 40;

  private ReportReader() {}

  /**
   * Reads a report.
   *
   * @param octets as they arrived
   * @throws UnreadableReportException when it is none, or has more of something than is taken
   */
  public static ReceivedReport read(byte[] octets) throws UnreadableReportException {
    return json(inflated(octets));
  }

  /**
   * Reads a report of RFC 8460 or, by the draft of 2016, in XML; either may be compressed.
   *
   * @param octets as they arrived
   * @throws UnreadableReportException as {@link #read}
   */
  public static ReceivedReport readAny(byte[] octets) throws UnreadableReportException {
    byte[] plain = inflated(octets);
    String head = new String(plain, 0, Math.min(plain.length, 100), StandardCharsets.ISO_8859_1);
    return head.stripLeading().startsWith("<") ? DraftReportReader.read(plain) : json(plain);
  }

  /**
   * A report as text, whether it arrived compressed or not; it is not read.
   *
   * @param octets as they arrived
   * @throws UnreadableReportException when it is no sound gzip, or larger than what is taken
   */
  public static byte[] inflated(byte[] octets) throws UnreadableReportException {
    if (octets.length > MAX_OCTETS) {
      throw new UnreadableReportException(
          Kind.TOO_LARGE, "the report has over " + MAX_OCTETS + " octets");
    }
    byte[] json = BoundedGzip.isGzip(octets) ? BoundedGzip.inflate(octets, MAX_INFLATED) : octets;
    if (json.length > MAX_INFLATED) {
      throw new UnreadableReportException(
          Kind.TOO_LARGE, "the report has over " + MAX_INFLATED + " octets");
    }
    return json;
  }

  private static ReceivedReport json(byte[] json) throws UnreadableReportException {
    try {
      return JsonReader.read(json, MAX_TOKENS, ReportReader::report);
    } catch (MalformedJsonException e) {
      throw new UnreadableReportException(Kind.NOT_A_REPORT, e.reason());
    }
  }

  private static ReceivedReport report(JsonReader in) throws MalformedJsonException {
    Optional<String> organization = Optional.empty();
    Optional<String> contact = Optional.empty();
    Optional<String> id = Optional.empty();
    Optional<Period> period = Optional.empty();
    Optional<List<ReceivedReport.Policy>> policies = Optional.empty();
    in.enterObject();
    while (in.nextMember()) {
      switch (in.name()) {
        case "organization-name" -> organization = text(in);
        case "contact-info" -> contact = text(in);
        case "report-id" -> id = text(in);
        case "date-range" -> period = Optional.of(period(in));
        case "policies" -> policies = Optional.of(policies(in));
        default -> in.skip();
      }
    }
    if (id.isEmpty()) {
      throw in.malformed("the report has no report-id");
    }
    if (period.isEmpty()) {
      throw in.malformed("the report has no date-range");
    }
    if (policies.isEmpty()) {
      throw in.malformed("the report has no policies");
    }
    return new ReceivedReport(
        organization, contact, id.get(), period.get().begin(), period.get().end(), policies.get());
  }

  private record Period(Instant begin, Instant end) {}

  private static Period period(JsonReader in) throws MalformedJsonException {
    Optional<Instant> begin = Optional.empty();
    Optional<Instant> end = Optional.empty();
    in.enterObject();
    while (in.nextMember()) {
      switch (in.name()) {
        case "start-datetime" -> begin = Optional.of(moment(in));
        case "end-datetime" -> end = Optional.of(moment(in));
        default -> in.skip();
      }
    }
    if (begin.isEmpty() || end.isEmpty()) {
      throw in.malformed("the date-range has no start-datetime or no end-datetime");
    }
    if (end.get().isBefore(begin.get())) {
      throw in.malformed("the date-range ends before it begins");
    }
    return new Period(begin.get(), end.get());
  }

  /** RFC 3339, and without an offset in UTC. */
  private static Instant moment(JsonReader in) throws MalformedJsonException {
    String text = in.string();
    try {
      if (text.length() <= LONGEST_TIME) {
        String iso = text.replace(' ', 'T').replace('t', 'T').replace('z', 'Z');
        if (LOCAL.matcher(iso).matches()) {
          return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        }
        String rest = LOCAL.matcher(iso).replaceFirst("");
        if (rest.length() < iso.length() && OFFSET.matcher(rest).matches()) {
          return OffsetDateTime.parse(iso).toInstant();
        }
      }
    } catch (DateTimeException e) {
      // A 30 February: said below, together with what has another form.
    }
    throw in.notAllowed(text, "a moment by RFC 3339, for example 2026-12-01T00:00:00Z");
  }

  private static List<ReceivedReport.Policy> policies(JsonReader in) throws MalformedJsonException {
    List<ReceivedReport.Policy> policies = new ArrayList<>();
    if (in.isObject()) {
      // One policy is an array of one (RFC 8460 §4.4), and has been seen without.
      policies.add(policy(in));
      return policies;
    }
    in.enterArray();
    while (in.nextItem()) {
      policies.add(policy(in));
    }
    return policies;
  }

  /** The object {@code policy}, which says of what the rest of its element tells. */
  private record About(
      Optional<String> type,
      List<String> policyString,
      Optional<String> policyDomain,
      List<String> mxHost) {}

  private static ReceivedReport.Policy policy(JsonReader in) throws MalformedJsonException {
    Optional<About> about = Optional.empty();
    Optional<long[]> summary = Optional.empty();
    List<ReceivedReport.Failure> failures = List.of();
    in.enterObject();
    while (in.nextMember()) {
      switch (in.name()) {
        case "policy" -> about = Optional.of(about(in));
        case "summary" -> summary = Optional.of(summary(in));
        case "failure-details" -> failures = failures(in);
        default -> in.skip();
      }
    }
    if (about.isEmpty() || about.get().type().isEmpty()) {
      throw in.malformed("a policy has no policy-type");
    }
    if (summary.isEmpty()) {
      throw in.malformed("a policy has no summary");
    }
    return new ReceivedReport.Policy(
        about.get().type().get(),
        about.get().policyString(),
        about.get().policyDomain(),
        about.get().mxHost(),
        summary.get()[0],
        summary.get()[1],
        failures);
  }

  private static About about(JsonReader in) throws MalformedJsonException {
    Optional<String> type = Optional.empty();
    Optional<String> domain = Optional.empty();
    List<String> policyString = List.of();
    List<String> mxHost = List.of();
    in.enterObject();
    while (in.nextMember()) {
      switch (in.name()) {
        case "policy-type" -> type = text(in);
        case "policy-string" -> policyString = texts(in);
        case "policy-domain" -> domain = text(in);
        case "mx-host" -> mxHost = texts(in);
        default -> in.skip();
      }
    }
    return new About(type, policyString, domain, mxHost);
  }

  /** Good ones, and others. */
  private static long[] summary(JsonReader in) throws MalformedJsonException {
    long[] counts = new long[2];
    in.enterObject();
    while (in.nextMember()) {
      switch (in.name()) {
        case "total-successful-session-count" -> counts[0] = number(in);
        case "total-failure-session-count" -> counts[1] = number(in);
        default -> in.skip();
      }
    }
    return counts;
  }

  private static List<ReceivedReport.Failure> failures(JsonReader in)
      throws MalformedJsonException {
    List<ReceivedReport.Failure> failures = new ArrayList<>();
    if (in.isObject()) {
      failures.add(failure(in));
    } else if (in.isArray()) {
      in.enterArray();
      while (in.nextItem()) {
        failures.add(failure(in));
      }
    } else {
      in.skip();
    }
    return failures;
  }

  private static ReceivedReport.Failure failure(JsonReader in) throws MalformedJsonException {
    Optional<String> type = Optional.empty();
    Optional<String> sendingIp = Optional.empty();
    Optional<String> mx = Optional.empty();
    Optional<String> helo = Optional.empty();
    Optional<String> receivingIp = Optional.empty();
    Optional<String> information = Optional.empty();
    Optional<String> reason = Optional.empty();
    long sessions = 0;
    in.enterObject();
    while (in.nextMember()) {
      switch (in.name()) {
        case "result-type" -> type = text(in);
        case "sending-mta-ip" -> sendingIp = text(in);
        case "receiving-mx-hostname" -> mx = text(in);
        case "receiving-mx-helo" -> helo = text(in);
        case "receiving-ip" -> receivingIp = text(in);
        case "failed-session-count" -> sessions = number(in);
        case "additional-information" -> information = text(in);
        case "failure-reason-code" -> reason = text(in);
        default -> in.skip();
      }
    }
    if (type.isEmpty()) {
      throw in.malformed("one of the failure-details has no result-type");
    }
    return new ReceivedReport.Failure(
        type.get(), sendingIp, mx, helo, receivingIp, sessions, information, reason);
  }

  private static List<String> texts(JsonReader in) throws MalformedJsonException {
    List<String> texts = new ArrayList<>();
    if (in.isArray()) {
      in.enterArray();
      while (in.nextItem()) {
        text(in).ifPresent(texts::add);
      }
    } else {
      text(in).ifPresent(texts::add);
    }
    return texts;
  }

  /** What is no string, or an empty one, is as good as absent. */
  private static Optional<String> text(JsonReader in) throws MalformedJsonException {
    if (!in.isString()) {
      in.skip();
      return Optional.empty();
    }
    String text = in.string();
    if (text.length() > MAX_TEXT) {
      throw in.malformed("a text has over " + MAX_TEXT + " characters");
    }
    return Optional.of(text).filter(some -> !some.isEmpty());
  }

  private static long number(JsonReader in) throws MalformedJsonException {
    if (in.isString()) {
      String text = in.string();
      if (DIGITS.matcher(text).matches() && Long.parseLong(text) <= MAX_COUNT) {
        return Long.parseLong(text);
      }
      throw in.notAllowed(text, "a whole number from 0 to " + MAX_COUNT);
    }
    return in.integer(MAX_COUNT);
  }
}
