package org.jamessts.smtp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server offered in its latest reply to EHLO (RFC 5321 §4.1.1.1). What it offered before TLS
 * is forgotten (RFC 3207 §4.2).
 *
 * @param extensions by keyword, in capital letters, the parameters of each, as written; none after
 *     HELO
 */
public record SmtpCapabilities(Map<String, String> extensions) {

  private static final Pattern SIZE = Pattern.compile("[0-9]{1,18}");

  public SmtpCapabilities {
    extensions = Map.copyOf(extensions);
  }

  /** Of a server that knows HELO only. */
  static SmtpCapabilities none() {
    return new SmtpCapabilities(Map.of());
  }

  /** Every line of a positive reply but the first, which greets. */
  static SmtpCapabilities of(SmtpReply ehlo) {
    Map<String, String> extensions = new HashMap<>();
    for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
      String[] words = line.strip().split(" +", 2);
      if (!words[0].isEmpty()) {
        // Some servers offer AUTH in several lines, each with other mechanisms.
        extensions.merge(
            words[0].toUpperCase(Locale.ROOT),
            words.length > 1 ? words[1] : "",
            (one, more) -> (one + " " + more).strip());
      }
    }
    return new SmtpCapabilities(extensions);
  }

  /**
   * Whether an extension is offered.
   *
   * @param keyword in capital letters
   */
  public boolean offers(String keyword) {
    return extensions.containsKey(keyword);
  }

  /** RFC 3207. */
  public boolean startTls() {
    return offers("STARTTLS");
  }

  /** RFC 2920. */
  public boolean pipelining() {
    return offers("PIPELINING");
  }

  /** RFC 6152. */
  public boolean eightBitMime() {
    return offers("8BITMIME");
  }

  /** RFC 6531, which asks for 8BITMIME beside it (§3.1). */
  public boolean smtpUtf8() {
    return offers("SMTPUTF8") && eightBitMime();
  }

  /** RFC 3030 §2. */
  public boolean chunking() {
    return offers("CHUNKING");
  }

  /** RFC 3461. */
  public boolean dsn() {
    return offers("DSN");
  }

  /** RFC 6710. */
  public boolean mtPriority() {
    return offers("MT-PRIORITY");
  }

  /** RFC 2034. */
  public boolean enhancedStatusCodes() {
    return offers("ENHANCEDSTATUSCODES");
  }

  /** RFC 8689. */
  public boolean requireTls() {
    return offers("REQUIRETLS");
  }

  /** RFC 4954 §3: the mechanisms of AUTH, in capital letters; empty where it is not offered. */
  public Set<String> authMechanisms() {
    return parameters("AUTH")
        .map(mechanism -> mechanism.toUpperCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** RFC 1870: whether sizes may be declared, with or without a limit. */
  public boolean size() {
    return offers("SIZE");
  }

  /** RFC 1870 §4: the greatest mail in octets; empty when none is named, it is 0, or unreadable. */
  public OptionalLong sizeLimit() {
    return parameters("SIZE")
        .limit(1)
        .filter(number -> SIZE.matcher(number).matches())
        .mapToLong(Long::parseLong)
        .filter(octets -> octets > 0)
        .findFirst();
  }

  private Stream<String> parameters(String keyword) {
    return Arrays.stream(extensions.getOrDefault(keyword, "").split(" +"))
        .filter(word -> !word.isEmpty());
  }
}
