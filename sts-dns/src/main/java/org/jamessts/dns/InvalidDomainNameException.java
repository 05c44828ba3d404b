package org.jamessts.dns;

/** A text that is no host name. The message names the text, shortened, and the reason. */
public final class InvalidDomainNameException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 80;

  InvalidDomainNameException(String text, String reason) {
    super("\"" + shorten(text) + "\" is not a domain name: " + reason);
  }

  private static String shorten(String text) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= SHOWN ? printable : printable.substring(0, SHOWN) + "...";
  }
}
