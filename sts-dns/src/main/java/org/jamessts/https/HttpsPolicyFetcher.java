package org.jamessts.https;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.policy.FetchResult;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyFetcher;
import org.jamessts.threads.DaemonThreads;
import org.jamessts.x509.PathBuilder;

/**
 * Fetches policies by the rules of RFC 8461 §3.3, which hold for those of the draft of 2016 too. A
 * fetch runs on a thread of its own, so that the caller is back at the deadline whatever the
 * network or the DNS does.
 */
public final class HttpsPolicyFetcher implements PolicyFetcher, AutoCloseable {

  private final GuardedConnector connector;
  private final GuardedGet get;
  private final HttpsSettings settings;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.named("policy-fetch"));

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
    this.connector = new GuardedConnector(resolver, paths, clock, settings, guards);
    this.get = new GuardedGet(settings, StsPolicy.MAX_OCTETS, guards);
    this.settings = settings;
  }

  @Override
  public FetchResult fetch(DomainName host, String path) {
    CutOff cutOff = new CutOff();
    Future<FetchResult> running;
    try {
      running = threads.submit(() -> fetchNow(host, path, cutOff));
    } catch (RejectedExecutionException e) {
      return failed(PolicyFailure.Kind.FETCH, "the fetcher is closed");
    }
    try {
      return running.get(settings.deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return failed(
          PolicyFailure.Kind.FETCH,
          host + " did not answer in full within " + settings.deadline().toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(PolicyFailure.Kind.FETCH, "the fetch was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("fetching from " + host, e);
    } finally {
      cutOff.cut();
      running.cancel(true);
    }
  }

  private FetchResult fetchNow(DomainName host, String path, CutOff cutOff) {
    try {
      SSLSocket socket = connector.connect(host, cutOff);
      try {
        return new FetchResult.Body(get.get(socket, host.value(), path));
      } finally {
        closeQuietly(socket);
      }
    } catch (HttpsException e) {
      return failed(
          e.isCertificate() ? PolicyFailure.Kind.WEBPKI : PolicyFailure.Kind.FETCH,
          String.valueOf(e.getMessage()));
    }
  }

  private static void closeQuietly(SSLSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The answer is read, or refused: how the connection ends changes nothing.
    }
  }

  private static FetchResult failed(PolicyFailure.Kind kind, String detail) {
    return new FetchResult.Failed(new PolicyFailure(kind, detail));
  }

  /** Ends running fetches; none can be started afterwards. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
