package org.jamessts.delivery;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.jamessts.metrics.StsMetrics;
import org.jamessts.metrics.StsMetrics.Gauge;

/** Shows how busy all the queues of this server are together: a gauge knows no mailets. */
@Singleton
public final class RunningQueues {

  private final List<OutgoingQueue> queues = new CopyOnWriteArrayList<>();

  /** Called by Guice. */
  @Inject
  public RunningQueues(StsMetrics metrics) {
    metrics.show(Gauge.LANES, () -> sum(queue -> queue.lanes().size()));
    metrics.show(Gauge.LANES_RUNNING, () -> sum(queue -> queue.lanes().running()));
    metrics.show(Gauge.LANES_WAITING, () -> sum(queue -> queue.lanes().waiting()));
    metrics.show(Gauge.KEPT_SESSIONS, () -> sum(OutgoingQueue::keptSessions));
    metrics.show(Gauge.UNREACHABLE_HOSTS, () -> sum(OutgoingQueue::unreachableHosts));
  }

  private int sum(ToIntFunction<OutgoingQueue> number) {
    return queues.stream().mapToInt(number).sum();
  }

  /** One that has stopped does nothing, and may stay. */
  void add(OutgoingQueue queue) {
    queues.add(queue);
  }
}
