package org.jamessts.explain;

import java.time.Duration;
import java.util.function.Consumer;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.FetchResult;
import org.jamessts.policy.PolicyFetcher;

/** A fetcher that tells of each fetch. */
public final class WatchedFetcher implements PolicyFetcher {

  private final PolicyFetcher fetcher;
  private final Consumer<FetchStep> steps;

  /**
   * Watches a fetcher.
   *
   * @param fetcher fetches
   * @param steps is told, by many threads
   */
  public WatchedFetcher(PolicyFetcher fetcher, Consumer<FetchStep> steps) {
    this.fetcher = fetcher;
    this.steps = steps;
  }

  @Override
  public FetchResult fetch(DomainName host, String path) {
    long start = System.nanoTime();
    FetchResult result = fetcher.fetch(host, path);
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    String url = Shown.text("https://" + host + path);
    steps.accept(
        result instanceof FetchResult.Body body
            ? new FetchStep(url, "fetched", body.octets().length, "", millis)
            : new FetchStep(
                url,
                "failed",
                0,
                Shown.text(((FetchResult.Failed) result).failure().detail()),
                millis));
    return result;
  }
}
