package org.jamessts.dns;

/**
 * A setting that names no usable name servers. The message says which part, and what is allowed.
 */
public final class InvalidDnsServersException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidDnsServersException(String part, String reason) {
    super(
        "\""
            + part
            + "\" "
            + reason
            + "; allowed are IP addresses with an optional port, separated by commas, for example"
            + " 192.0.2.1, 192.0.2.2:5353, [2001:db8::1]:53");
  }
}
