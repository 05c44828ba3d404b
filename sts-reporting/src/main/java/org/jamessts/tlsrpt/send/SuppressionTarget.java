package org.jamessts.tlsrpt.send;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;

/**
 * To whom nothing is sent: a policy domain, or an endpoint wherever it is named.
 *
 * @param text canonical: a domain in A-labels, or a {@code mailto:} or {@code https:} URI without
 *     what makes no other endpoint of it
 */
public record SuppressionTarget(String text) {

  private static final int MAX_LENGTH = 1_000;
  private static final String MAILTO = "mailto:";
  private static final String HTTPS = "https:";

  /**
   * Reads what a person writes: a domain, a mail address with or without {@code mailto:}, or an
   * {@code https:} URI.
   *
   * @throws IllegalArgumentException when it is none of these: the message says what is allowed
   */
  public static SuppressionTarget parse(String text) {
    if (text.indexOf('@') >= 0 && text.indexOf(':') < 0) {
      return parse(MAILTO + text);
    }
    Optional<String> endpoint = endpoint(text);
    if (endpoint.isPresent()) {
      return new SuppressionTarget(endpoint.get());
    }
    try {
      return of(DomainName.parseInternational(text));
    } catch (InvalidDomainNameException e) {
      throw new IllegalArgumentException(
          "neither a domain nor a mailto: or https: URI of at most " + MAX_LENGTH + " characters",
          e);
    }
  }

  static SuppressionTarget of(DomainName domain) {
    return new SuppressionTarget(domain.value());
  }

  /** Of an endpoint as a record of a stranger names it; none when it is no such URI. */
  static Optional<String> endpoint(String uri) {
    if (uri.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String lower = uri.toLowerCase(Locale.ROOT);
    if (lower.startsWith(MAILTO)) {
      String address = lower.substring(MAILTO.length()).split("\\?", 2)[0];
      return address.indexOf('@') > 0 ? Optional.of(MAILTO + address) : Optional.empty();
    }
    if (!lower.startsWith(HTTPS)) {
      return Optional.empty();
    }
    try {
      URI parsed = new URI(uri).normalize();
      if (parsed.getHost() == null) {
        return Optional.empty();
      }
      String port = parsed.getPort() < 0 || parsed.getPort() == 443 ? "" : ":" + parsed.getPort();
      String path = parsed.getRawPath().isEmpty() ? "/" : parsed.getRawPath();
      String query = parsed.getRawQuery() == null ? "" : "?" + parsed.getRawQuery();
      return Optional.of(
          "https://" + parsed.getHost().toLowerCase(Locale.ROOT) + port + path + query);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
