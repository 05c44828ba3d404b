package org.jamessts.settings;

import java.util.Locale;

/** A setting that cannot be meant. The message is the one line that an operator reads. */
public final class InvalidSettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param file where the setting stands
   * @param key its name
   * @param value what was found
   * @param allowed what is allowed, as the end of "allowed is ..."
   */
  public InvalidSettingException(String file, String key, String value, String allowed) {
    super(
        file
            + ": "
            + key
            + " = \""
            + shown(key, value)
            + "\" is not allowed; allowed is "
            + allowed);
  }

  /** One line, and no secret: the message ends in logs. */
  private static String shown(String key, String value) {
    if (key.toLowerCase(Locale.ROOT).contains("password")) {
      return "***";
    }
    return value
        .replaceAll("[\\p{Cntrl}]", "?")
        // A URL may hold one, where it should not.
        .replaceAll("(?i)(password=)[^&]*", "$1***")
        .replaceAll("//[^/?]*@", "//***@");
  }
}
