package org.jamessts.metrics;

import java.time.Duration;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;
import org.reactivestreams.Publisher;

/** Counts and times nothing: for what goes the way of a mail and is none. */
@SuppressWarnings("deprecation") // these methods have to be there
final class NoMetrics implements MetricFactory {

  private record Nothing(String name) implements Metric, TimeMetric, TimeMetric.ExecutionResult {
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
    return new Nothing(name);
  }

  @Override
  public TimeMetric timer(String name) {
    return new Nothing(name);
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
