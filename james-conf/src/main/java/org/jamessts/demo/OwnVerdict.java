package org.jamessts.demo;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What our extension says it did with a mail: the line that it writes into James's log.
 *
 * @param outcome {@code delivered}, {@code deferred} or {@code bounced}
 * @param explanation the rest of the line: channel, or code and reason
 * @param policyFailure why a policy that the domain announces could not be had
 */
record OwnVerdict(String outcome, String explanation, Optional<String> policyFailure) {

  private static final Pattern LINE =
      Pattern.compile(
          " - mail=\\S+ outcome=(delivered|deferred|bounced) recipients=\\[([^]]*)] (.*)");

  /** Quotation marks and backslashes within are escaped. */
  private static final String QUOTED = "\"((?:[^\"\\\\]++|\\\\.)*+)\"";

  private static final Pattern REASON = Pattern.compile("(?:^| )reason=" + QUOTED);
  private static final Pattern FINDING = Pattern.compile("(?:^| )finding=" + QUOTED);
  private static final Pattern POLICY = Pattern.compile("(?:^| )policy=" + QUOTED);
  private static final Pattern CHANNEL =
      Pattern.compile("\\bchannel=(?:clear|\"(\\S+) (un)?verified\") ");
  private static final Pattern MX = Pattern.compile("\\bmx=(\\S+)");

  /** Rule, basis and remedy: more than a row of a table has room for. */
  private static final Pattern MORE = Pattern.compile(" \\[rule: [^]]*]$");

  private static final String NO_POLICY = "no policy";

  /** Of a policy of the draft of 2016 that nobody vouches for. */
  private static final String UNAUTHENTICATED = ", not authenticated) ";

  /** How many verdicts about a recipient the log holds so far. */
  static long count(List<String> log, String recipient) {
    return log.stream().map(LINE::matcher).filter(line -> isAbout(line, recipient)).count();
  }

  /** The last verdict about a recipient. */
  static Optional<OwnVerdict> of(List<String> log, String recipient) {
    for (int i = log.size() - 1; i >= 0; i--) {
      Matcher line = LINE.matcher(log.get(i));
      if (isAbout(line, recipient)) {
        return Optional.of(
            new OwnVerdict(line.group(1), line.group(3), policyFailure(log, recipient)));
      }
    }
    return Optional.empty();
  }

  private static boolean isAbout(Matcher line, String recipient) {
    return line.find() && line.group(2).equals(recipient);
  }

  private static Optional<String> policyFailure(List<String> log, String recipient) {
    String domain = recipient.substring(recipient.indexOf('@') + 1);
    Pattern line = Pattern.compile("Fetching - policy of " + Pattern.quote(domain) + ", .*?: (.*)");
    return log.stream()
        .map(line::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .findFirst();
  }

  /** What it means for the receiving servers; empty when the line cannot be understood. */
  Optional<Scenario.Fate> fate() {
    if (!outcome.equals("delivered")) {
      return Optional.of(Scenario.Fate.NOTHING);
    }
    Matcher channel = CHANNEL.matcher(explanation);
    if (!channel.find()) {
      return Optional.empty();
    }
    return Optional.of(channel.group(1) == null ? Scenario.Fate.CLEAR : Scenario.Fate.TLS);
  }

  /** Where the mail is and why, in words. */
  String why() {
    return switch (outcome) {
      case "deferred" -> "kept for a later try: " + group(REASON).orElse(explanation);
      case "bounced" -> "returned to its sender: " + group(REASON).orElse(explanation);
      default -> delivered();
    };
  }

  private String delivered() {
    Matcher channel = CHANNEL.matcher(explanation);
    if (!channel.find()) {
      return "delivered, in an unknown way: " + explanation;
    }
    boolean clear = channel.group(1) == null;
    boolean verified = !clear && channel.group(2) == null;
    String way = clear ? "in clear text" : "over " + channel.group(1);
    return "delivered to %s %s%s"
        .formatted(
            group(MX).orElse("an unknown host"), way, verified ? verifiedBy() : whyNotMore(clear));
  }

  private String verifiedBy() {
    return ", verified" + group(POLICY).map(policy -> ": " + policy).orElse("");
  }

  /** Why a mail was delivered over less than verified TLS. */
  private String whyNotMore(boolean clear) {
    String checked = clear ? "" : ", not verified";
    if (policyFailure.isPresent()) {
      return checked
          + (explanation.contains(UNAUTHENTICATED)
              ? ", since the domain does not vouch for its policy: "
              : ", as if there were no policy (RFC 8461 section 3.3), since none could be had: ")
          + policyFailure.get();
    }
    return checked + ": " + group(FINDING).orElseGet(this::whoAsksForNoMore);
  }

  private String whoAsksForNoMore() {
    return group(POLICY)
        .filter(policy -> !policy.equals(NO_POLICY))
        .map(policy -> policy + " asks for no more")
        .orElse("no policy asks for it");
  }

  private Optional<String> group(Pattern pattern) {
    Matcher matcher = pattern.matcher(explanation);
    return matcher.find()
        ? Optional.of(MORE.matcher(matcher.group(1).replaceAll("\\\\(.)", "$1")).replaceAll(""))
        : Optional.empty();
  }
}
