package org.jamessts.durable;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import javax.jms.ConnectionFactory;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.queue.activemq.ActiveMQHealthCheck;
import org.apache.james.queue.activemq.ActiveMQMailQueueFactory;
import org.apache.james.queue.activemq.metric.ActiveMQMetricCollectorNoop;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueItemDecoratorFactory;
import org.apache.james.queue.api.ManageableMailQueue;

/** Has James keep its queues at a {@link Broker}, in place of its memory. */
final class DurableQueues extends AbstractModule {

  private final ConnectionFactory connections;

  DurableQueues(ConnectionFactory connections) {
    this.connections = connections;
  }

  @Provides
  @Singleton
  ActiveMQMailQueueFactory factory(
      MailQueueItemDecoratorFactory decorators, MetricFactory metrics, GaugeRegistry gauges) {
    ActiveMQMailQueueFactory factory =
        new ActiveMQMailQueueFactory(
            connections, decorators, metrics, gauges, new ActiveMQMetricCollectorNoop());
    // Otherwise the text of a mail is in a file of its own, which the disk is not asked to confirm.
    factory.setUseBlobMessages(false);
    factory.setUseJMX(false);
    return factory;
  }

  @Provides
  MailQueueFactory<? extends ManageableMailQueue> manageable(ActiveMQMailQueueFactory factory) {
    return factory;
  }

  @Provides
  MailQueueFactory<? extends MailQueue> queues(ActiveMQMailQueueFactory factory) {
    return factory;
  }

  @Provides
  MailQueueFactory<?> any(ActiveMQMailQueueFactory factory) {
    return factory;
  }

  @ProvidesIntoSet
  HealthCheck health() {
    return new ActiveMQHealthCheck(connections);
  }
}
