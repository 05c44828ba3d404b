package org.jamessts.mtasts;

/** Shows a stranger's text in a message: printable and short. */
public final class Shown {

  private static final int LENGTH = 60;

  private Shown() {}

  /** The text in quotes, other characters than printable ASCII as {@code ?}, cut when long. */
  public static String quoted(String text) {
    boolean cut = text.length() > LENGTH;
    String head = cut ? text.substring(0, LENGTH) : text;
    return "\"" + head.replaceAll("[^\\x20-\\x7e]", "?") + (cut ? "...\"" : "\"");
  }
}
