package org.jamessts.guice;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.james.core.healthcheck.ComponentName;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.core.healthcheck.Result;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A health check that tells what its part has found out itself: it asks nobody, so that it answers
 * at once. At worst {@code degraded}: mail goes on, and an unhealthy server would be restarted,
 * which helps nobody.
 */
abstract class TroubleCheck implements HealthCheck {

  private final ComponentName name;
  private final Supplier<Optional<String>> trouble;

  /**
   * @param trouble what does not work, in words for the operator
   */
  TroubleCheck(String name, Supplier<Optional<String>> trouble) {
    this.name = new ComponentName(name);
    this.trouble = trouble;
  }

  @Override
  public ComponentName componentName() {
    return name;
  }

  @Override
  public Publisher<Result> check() {
    return Mono.fromSupplier(
        () ->
            trouble
                .get()
                .map(cause -> Result.degraded(name, cause))
                .orElseGet(() -> Result.healthy(name)));
  }
}
