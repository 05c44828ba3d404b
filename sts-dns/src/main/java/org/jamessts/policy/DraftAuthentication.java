package org.jamessts.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.mtasts.Shown;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.sts2016.PolicyAuthentication;
import org.jamessts.sts2016.SmtpStsRecord;

/**
 * Whether the domain itself vouches for a record of the draft of 2016 (-00 §3.3): over HTTPS, the
 * same octets at a URI of the policy domain, or by DNSSEC.
 */
final class DraftAuthentication {

  private static final int HTTPS_PORT = 443;

  private final Resolver resolver;
  private final PolicyFetcher fetcher;
  private final Fetching fetching;
  private final Guards guards;

  DraftAuthentication(PolicyParts parts, Fetching fetching) {
    this.resolver = parts.resolver();
    this.fetcher = parts.fetcher();
    this.fetching = fetching;
    this.guards = parts.guards();
  }

  /**
   * Authenticates a record.
   *
   * @param mechanism how; none where no record names any
   * @param security of the answer that brought the record
   * @return why nobody vouches for it, or nothing when somebody does
   */
  Optional<PolicyFailure> failureOf(
      DomainName domain,
      SmtpStsRecord record,
      Optional<PolicyAuthentication> mechanism,
      Security security) {
    if (mechanism.isEmpty()) {
      return failure(Kind.INVALID, domain + " names no way to authenticate its policy");
    }
    if (mechanism.get() instanceof PolicyAuthentication.Webpki webpki) {
      return overHttps(domain, record, webpki);
    }
    if (security == Security.SECURE) {
      return Optional.empty();
    }
    return resolver.validates()
        ? failure(
            Kind.INVALID, "DNSSEC does not prove the policy of " + domain + ", which wants it")
        : failure(
            Kind.UNSUPPORTED,
            "the policy of " + domain + " wants DNSSEC, which this server does not validate");
  }

  private Optional<PolicyFailure> overHttps(
      DomainName domain, SmtpStsRecord record, PolicyAuthentication.Webpki webpki) {
    byte[] octets = record.text().getBytes(ISO_8859_1);
    byte[] version = (webpki.uri() + " " + record.text()).getBytes(ISO_8859_1);
    Fetching.Outcome<Boolean> outcome =
        fetching.attempt(
            domain,
            UUID.nameUUIDFromBytes(version).toString(),
            () ->
                // Checked before the fetch: a forged record would name the forger's own host.
                isOf(domain, webpki) || !guards.stand(Guard.DRAFT_HOST_IS_POLICY_DOMAIN)
                    ? fetchAndCompare(webpki, octets)
                    : new Fetching.Failure<>(
                        new PolicyFailure(
                            Kind.INVALID,
                            "the policy of "
                                + domain
                                + " names another place than the domain: "
                                + shown(webpki.uri()))));
    return outcome instanceof Fetching.Failure<Boolean> failed
        ? Optional.of(failed.cause())
        : Optional.empty();
  }

  private static boolean isOf(DomainName domain, PolicyAuthentication.Webpki webpki) {
    int port = webpki.uri().getPort();
    return webpki.host().equals(domain) && (port < 0 || port == HTTPS_PORT);
  }

  private Fetching.Outcome<Boolean> fetchAndCompare(
      PolicyAuthentication.Webpki webpki, byte[] octets) {
    FetchResult result = fetcher.fetch(webpki.host(), pathOf(webpki.uri()));
    if (result instanceof FetchResult.Failed failed) {
      return new Fetching.Failure<>(failed.failure());
    }
    boolean equal = Arrays.equals(((FetchResult.Body) result).octets(), octets);
    return equal || !guards.stand(Guard.DRAFT_BODY_EQUALS_RECORD)
        ? new Fetching.Success<>(true)
        : new Fetching.Failure<>(
            new PolicyFailure(
                Kind.INVALID, "what stands at " + shown(webpki.uri()) + " is not the TXT record"));
  }

  private static String pathOf(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  /** It may fill nearly all of a record, and failures are remembered. */
  private static String shown(URI uri) {
    return Shown.quoted(uri.toString());
  }

  private static Optional<PolicyFailure> failure(Kind kind, String detail) {
    return Optional.of(new PolicyFailure(kind, detail));
  }
}
