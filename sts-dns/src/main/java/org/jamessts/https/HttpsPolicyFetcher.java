package org.jamessts.https;

import java.time.Clock;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.policy.FetchResult;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyFetcher;
import org.jamessts.x509.PathBuilder;

/**
 * Fetches policies by the rules of RFC 8461 §3.3, which hold for those of the draft of 2016 too.
 * The caller is back at the deadline whatever the network or the DNS does.
 */
public final class HttpsPolicyFetcher implements PolicyFetcher, AutoCloseable {

  private final GuardedClient client;
  private final GuardedGet get;
  private final int port;

  /**
   * A fetcher.
   *
   * @param resolver finds the addresses of policy hosts
   * @param paths judges their certificates
   * @param clock the moment of judgement
   * @param settings how far it may go
   * @param guards all of them, but for tests
   */
  public HttpsPolicyFetcher(
      Resolver resolver, PathBuilder paths, Clock clock, HttpsSettings settings, Guards guards) {
    this.client = new GuardedClient("policy-fetch", resolver, paths, clock, settings, guards);
    this.get = new GuardedGet(settings, StsPolicy.MAX_OCTETS, guards);
    this.port = settings.port();
  }

  @Override
  public FetchResult fetch(DomainName host, String path) {
    try {
      return new FetchResult.Body(
          client.talk(host, port, socket -> get.get(socket, host.value(), path)));
    } catch (HttpsException e) {
      return new FetchResult.Failed(
          new PolicyFailure(
              e.isCertificate() ? PolicyFailure.Kind.WEBPKI : PolicyFailure.Kind.FETCH,
              String.valueOf(e.getMessage())));
    }
  }

  /** Ends running fetches; none can be started afterwards. */
  @Override
  public void close() {
    client.close();
  }
}
