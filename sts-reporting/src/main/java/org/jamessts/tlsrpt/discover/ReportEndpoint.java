package org.jamessts.tlsrpt.discover;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.sts2016.ReportUri;

/** A place that takes reports (RFC 8460 §3). {@code toString} tells it to a person. */
public sealed interface ReportEndpoint {

  /** The longest URI that is followed, in octets. */
  int MAX_LENGTH = 2000;

  /**
   * A mailbox.
   *
   * @param localPart as in RFC 5321 §4.1.2, a {@code Dot-string}; quoted ones are not taken
   * @param domain in A-labels
   */
  record Mailbox(String localPart, DomainName domain) implements ReportEndpoint {

    private static final Pattern DOT_STRING =
        Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final int MAX_LOCAL_PART = 64;

    /** Refuses what is no {@code Dot-string} of 1 to 64 octets. */
    public Mailbox {
      if (!isLocalPart(localPart)) {
        throw new IllegalArgumentException("no local part");
      }
    }

    private static boolean isLocalPart(String text) {
      // Length first: the pattern looks at every character of a stranger's text.
      return text.length() <= MAX_LOCAL_PART && DOT_STRING.matcher(text).matches();
    }

    /** The mailbox of an address, if it is one. */
    public static Optional<Mailbox> parse(String address) {
      int at = address.lastIndexOf('@');
      if (at < 0 || !isLocalPart(address.substring(0, at))) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new Mailbox(address.substring(0, at), DomainName.parse(address.substring(at + 1))));
      } catch (InvalidDomainNameException e) {
        return Optional.empty();
      }
    }

    /** The address without brackets. */
    public String address() {
      return localPart + "@" + domain;
    }

    @Override
    public String toString() {
      return "mailto:" + address();
    }
  }

  /**
   * A resource to which reports are posted.
   *
   * @param host which must prove its name
   * @param port 1 to 65535
   * @param target path and query as in a request line, begins with a slash
   */
  record Resource(DomainName host, int port, String target) implements ReportEndpoint {

    private static final int HTTPS = 443;

    @Override
    public String toString() {
      return "https://" + host + (port == HTTPS ? "" : ":" + port) + target;
    }
  }

  /**
   * The place that a URI names.
   *
   * @return nothing where we cannot send to: another scheme, an address that is none after
   *     percent-decoding (RFC 6068 §2), a host without a name, or too long
   */
  static Optional<ReportEndpoint> of(URI uri) {
    if (uri.toString().length() > MAX_LENGTH || !ReportUri.takesReports(uri)) {
      return Optional.empty();
    }
    if ("mailto".equalsIgnoreCase(uri.getScheme())) {
      // Header fields that it suggests would be a stranger's words in our mail.
      String address = uri.getRawSchemeSpecificPart().split("\\?", 2)[0];
      return PercentEncoding.decode(address).flatMap(Mailbox::parse).map(mailbox -> mailbox);
    }
    try {
      String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      return Optional.of(
          new Resource(
              DomainName.parse(uri.getHost()),
              uri.getPort() < 0 ? Resource.HTTPS : uri.getPort(),
              path + query));
    } catch (InvalidDomainNameException e) {
      throw new IllegalStateException("it takes reports", e);
    }
  }
}
