package org.jamessts.smtp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a server offered in its latest reply to EHLO (RFC 5321 §4.1.1.1). What it offered before TLS
 * is forgotten (RFC 3207 §4.2).
 *
 * @param keywords the extensions as written, each with its parameters; none after HELO
 */
public record SmtpCapabilities(List<String> keywords) {

  public SmtpCapabilities {
    keywords = List.copyOf(keywords);
  }

  /** Of a server that knows HELO only. */
  static SmtpCapabilities none() {
    return new SmtpCapabilities(List.of());
  }

  /** Every line of a positive reply but the first, which greets. */
  static SmtpCapabilities of(SmtpReply ehlo) {
    List<String> keywords = new ArrayList<>();
    for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
      if (!line.isBlank()) {
        keywords.add(line.strip());
      }
    }
    return new SmtpCapabilities(keywords);
  }

  /**
   * Whether an extension is offered.
   *
   * @param keyword in capital letters
   */
  public boolean offers(String keyword) {
    return keywords.stream().anyMatch(line -> keywordOf(line).equals(keyword));
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
    return keywords.stream()
        .filter(line -> keywordOf(line).equals("AUTH"))
        .flatMap(line -> Arrays.stream(line.split(" +")).skip(1))
        .map(mechanism -> mechanism.toUpperCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** RFC 1870: whether sizes may be declared, with or without a limit. */
  public boolean size() {
    return offers("SIZE");
  }

  /** RFC 1870 §4: the greatest mail in octets; empty when none is named, it is 0, or unreadable. */
  public OptionalLong sizeLimit() {
    for (String line : keywords) {
      String[] words = line.split(" +", 3);
      if (words.length > 1
          && keywordOf(line).equals("SIZE")
          && words[1].matches("[0-9]{1,18}")
          && Long.parseLong(words[1]) > 0) {
        return OptionalLong.of(Long.parseLong(words[1]));
      }
    }
    return OptionalLong.empty();
  }

  private static String keywordOf(String line) {
    int space = line.indexOf(' ');
    return (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
  }
}
