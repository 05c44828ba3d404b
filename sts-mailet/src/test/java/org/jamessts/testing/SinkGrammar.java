package org.jamessts.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which parameters a client may use (RFC 5321 §4.1.2): those that were offered, well formed. */
final class SinkGrammar {

  private record Rule(String extension, Pattern value) {}

  private static final String XTEXT = "(?:[!-*,-<>-~]|\\+[0-9A-F]{2})+";

  private static final Map<String, Rule> OF_MAIL =
      Map.of(
          "SIZE", rule("SIZE", "[0-9]{1,20}"),
          "BODY", rule("8BITMIME", "7BIT|8BITMIME"),
          "SMTPUTF8", rule("SMTPUTF8", ""),
          "RET", rule("DSN", "FULL|HDRS"),
          "ENVID", rule("DSN", XTEXT),
          "MT-PRIORITY", rule("MT-PRIORITY", "-?[0-9]"));

  private static final Map<String, Rule> OF_RCPT =
      Map.of(
          "NOTIFY",
          rule("DSN", "NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY)){0,2}"),
          "ORCPT",
          rule("DSN", "rfc822;" + XTEXT));

  private SinkGrammar() {}

  private static Rule rule(String extension, String value) {
    return new Rule(extension, Pattern.compile(value));
  }

  /** What is wrong with MAIL. */
  static List<String> checkMail(String address, List<String> parameters, List<String> offered) {
    List<String> faults = check(parameters, OF_MAIL, offered);
    ascii(address, parameters).ifPresent(faults::add);
    return faults;
  }

  /** What is wrong with RCPT. */
  static List<String> checkRcpt(
      String address, List<String> parameters, List<String> mailParameters, List<String> offered) {
    List<String> faults = check(parameters, OF_RCPT, offered);
    ascii(address, mailParameters).ifPresent(faults::add);
    return faults;
  }

  private static Optional<String> ascii(String address, List<String> mailParameters) {
    return address.chars().allMatch(c -> c < 0x80) || mailParameters.contains("SMTPUTF8")
        ? Optional.empty()
        : Optional.of("an address beyond ASCII without SMTPUTF8");
  }

  private static List<String> check(
      List<String> parameters, Map<String, Rule> rules, List<String> offered) {
    List<String> faults = new ArrayList<>();
    for (String parameter : parameters) {
      String[] words = parameter.split("=", 2);
      Rule rule = rules.get(words[0]);
      if (rule == null) {
        faults.add("unknown parameter " + words[0]);
      } else if (offered.stream()
          .noneMatch(line -> line.split(" ", 2)[0].equals(rule.extension()))) {
        faults.add(words[0] + " is not offered");
      } else if (!rule.value().matcher(words.length > 1 ? words[1] : "").matches()) {
        faults.add("malformed " + parameter);
      }
    }
    return faults;
  }
}
