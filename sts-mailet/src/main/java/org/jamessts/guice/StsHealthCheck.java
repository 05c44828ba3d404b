package org.jamessts.guice;

import com.google.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.james.core.healthcheck.ComponentName;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.core.healthcheck.Result;
import org.jamessts.files.Trouble;
import org.jamessts.policy.PolicyStore;
import org.jamessts.retry.DeferredMails;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Says whether policies, deferred mail and sessions can be kept, what the operator says of domains
 * can be read, and DNSSEC works. At worst {@code degraded}: mail goes on, and an unhealthy server
 * would be restarted, which helps nobody.
 */
public final class StsHealthCheck implements HealthCheck {

  private static final ComponentName NAME = new ComponentName("MTA-STS policies");

  private final PolicyStore store;
  private final OperatorFiles files;
  private final Supplier<Optional<String>> keeping;
  private final Supplier<Optional<String>> dnssec;

  /** Called by James. */
  @Inject
  StsHealthCheck(
      PolicyStore store,
      OperatorFiles files,
      DeferredMails deferred,
      SessionCollector sessions,
      JamesDns dns) {
    this(
        store,
        files,
        () -> Trouble.all(List.of(deferred.trouble(), sessions.trouble())),
        dns::trouble);
  }

  StsHealthCheck(
      PolicyStore store,
      OperatorFiles files,
      Supplier<Optional<String>> keeping,
      Supplier<Optional<String>> dnssec) {
    this.store = store;
    this.files = files;
    this.keeping = keeping;
    this.dnssec = dnssec;
  }

  @Override
  public ComponentName componentName() {
    return NAME;
  }

  @Override
  public Publisher<Result> check() {
    return Mono.fromSupplier(
        () -> trouble().map(cause -> Result.degraded(NAME, cause)).orElse(Result.healthy(NAME)));
  }

  private Optional<String> trouble() {
    Optional<String> full =
        store.isFull()
            ? Optional.of(
                "memory is full of unexpired policies: new ones are applied but not kept (raise"
                    + " policy.cacheEntries in sts.properties)")
            : Optional.empty();
    return Trouble.all(
        List.of(store.trouble(), full, keeping.get(), files.trouble(), dnssec.get()));
  }
}
