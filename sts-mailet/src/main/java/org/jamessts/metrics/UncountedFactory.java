package org.jamessts.metrics;

import java.time.Duration;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.james.metrics.api.TimeMetric.ExecutionResult;
import org.reactivestreams.Publisher;

/** Metrics that count nothing. */
enum UncountedFactory implements MetricFactory {
  INSTANCE;

  private enum Uncounted implements Metric {
    INSTANCE;

    @Override
    public void increment() {}

    @Override
    public void decrement() {}

    @Override
    public void add(int value) {}

    @Override
    public void remove(int value) {}

    @Override
    public long getCount() {
      return 0;
    }
  }

  private record Untimed(String name) implements TimeMetric, ExecutionResult {
    @Override
    public ExecutionResult stopAndPublish() {
      return this;
    }

    @Override
    public Duration elasped() {
      return Duration.ZERO;
    }

    @Override
    public ExecutionResult logWhenExceedP99(Duration threshold) {
      return this;
    }
  }

  @Override
  public Metric generate(String name) {
    return Uncounted.INSTANCE;
  }

  @Override
  public TimeMetric timer(String name) {
    return new Untimed(name);
  }

  @Override
  public <T> Publisher<T> decoratePublisherWithTimerMetric(String name, Publisher<T> publisher) {
    return publisher;
  }

  @Override
  public <T> Publisher<T> decoratePublisherWithTimerMetricLogP99(
      String name, Publisher<T> publisher) {
    return publisher;
  }
}
