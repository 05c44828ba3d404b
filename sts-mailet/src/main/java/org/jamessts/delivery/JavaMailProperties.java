package org.jamessts.delivery;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jamessts.settings.SettingsReader;

/**
 * Properties of JavaMail, which {@code RemoteDelivery} hands to it and which win there over the
 * parameters of the same meaning. A few mean something without JavaMail, too.
 */
final class JavaMailProperties {

  private static final Map<String, String> MEANINGS =
      Map.of(
          "connectiontimeout", "connectiontimeout",
          "timeout", "timeout",
          "port", "port",
          "localhost", "heloName",
          "localaddress", "bind",
          "sendpartial", "sendpartial",
          "ssl.enable", "sslEnable");

  private static final Set<String> PREFIXES = Set.of("mail.smtp.", "mail.smtps.");

  private JavaMailProperties() {}

  /**
   * Puts parameters in the place of properties.
   *
   * @param given as they stand in the configuration
   * @return the same, where every property that means something here is the parameter of that
   *     meaning
   */
  static Map<String, String> asParameters(Map<String, String> given) {
    Map<String, String> parameters = new HashMap<>(given);
    given.forEach(
        (key, value) -> {
          for (String prefix : PREFIXES) {
            String meaning =
                key.startsWith(prefix) ? MEANINGS.get(key.substring(prefix.length())) : null;
            if (meaning != null) {
              parameters.remove(key);
              parameters.put(meaning, value);
            }
          }
        });
    return parameters;
  }

  /**
   * Refuses the others: who set them relies on what they do.
   *
   * @throws org.jamessts.settings.InvalidSettingException for the first
   */
  static void refuseOthers(SettingsReader reader) {
    for (String key : reader.keys()) {
      if (key.startsWith("mail.")) {
        throw reader.invalid(
            key,
            "nothing: delivery does not use JavaMail, and of its properties knows only mail.smtp."
                + " with "
                + String.join(", ", MEANINGS.keySet().stream().sorted().toList()));
      }
    }
  }
}
