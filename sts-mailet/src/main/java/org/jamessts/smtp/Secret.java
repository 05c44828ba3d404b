package org.jamessts.smtp;

/** A text that must not be shown: nothing but {@link #reveal} gives it away. */
public final class Secret {

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /** Hides a text. */
  public static Secret of(String text) {
    return new Secret(text);
  }

  /** The text, for the one place that needs it. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "***";
  }
}
