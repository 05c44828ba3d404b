package org.jamessts.rabbitmq;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.backends.rabbitmq.RabbitMQConfiguration;
import org.apache.james.backends.rabbitmq.RabbitMQHealthCheck;
import org.apache.james.backends.rabbitmq.ReactorRabbitMQChannelPool;
import org.apache.james.backends.rabbitmq.ReceiverProvider;
import org.apache.james.backends.rabbitmq.SimpleConnectionPool;
import org.apache.james.blob.api.BlobId;
import org.apache.james.blob.api.BlobStoreDAO;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.rabbitmq.RabbitMQMailQueueFactory;
import org.apache.james.queue.rabbitmq.view.RabbitMQMailQueueConfiguration;
import org.apache.james.queue.rabbitmq.view.api.FakeMailQueueView;
import org.apache.james.queue.rabbitmq.view.api.MailQueueView;
import org.apache.james.utils.PropertiesProvider;
import reactor.rabbitmq.Sender;

/** Has James keep its queues at RabbitMQ, and the texts of its mails in files. */
final class RabbitQueues extends AbstractModule {

  private final Path blobs;

  RabbitQueues(Path blobs) {
    this.blobs = blobs;
  }

  @Override
  protected void configure() {
    bind(RabbitMQMailQueueFactory.class).in(Scopes.SINGLETON);
    bind(MailQueueView.Factory.class).to(FakeMailQueueView.Factory.class);
  }

  @Provides
  @Singleton
  BlobStoreDAO blobs(BlobId.Factory ids) {
    return new FileBlobs(blobs, ids);
  }

  @Provides
  @Singleton
  RabbitMQConfiguration configuration(PropertiesProvider files)
      throws FileNotFoundException, ConfigurationException {
    return RabbitMQConfiguration.from(files.getConfiguration("rabbitmq"));
  }

  @Provides
  @Singleton
  RabbitMQMailQueueConfiguration queueConfiguration() {
    return RabbitMQMailQueueConfiguration.sizeMetricsDisabled();
  }

  @Provides
  @Singleton
  SimpleConnectionPool.Configuration connectionConfiguration() {
    return SimpleConnectionPool.Configuration.DEFAULT;
  }

  @Provides
  @Singleton
  ReactorRabbitMQChannelPool channels(SimpleConnectionPool connections, MetricFactory metrics) {
    ReactorRabbitMQChannelPool channels =
        new ReactorRabbitMQChannelPool(
            connections.getResilientConnection(),
            ReactorRabbitMQChannelPool.Configuration.DEFAULT,
            metrics);
    channels.start();
    return channels;
  }

  @Provides
  @Singleton
  Sender sender(ReactorRabbitMQChannelPool channels) {
    return channels.getSender();
  }

  @Provides
  @Singleton
  ReceiverProvider receivers(ReactorRabbitMQChannelPool channels) {
    return channels::createReceiver;
  }

  @Provides
  MailQueueFactory<? extends ManageableMailQueue> manageable(RabbitMQMailQueueFactory factory) {
    return factory;
  }

  @Provides
  MailQueueFactory<? extends MailQueue> queues(RabbitMQMailQueueFactory factory) {
    return factory;
  }

  @Provides
  MailQueueFactory<?> any(RabbitMQMailQueueFactory factory) {
    return factory;
  }

  @ProvidesIntoSet
  HealthCheck health(SimpleConnectionPool connections, ReactorRabbitMQChannelPool channels) {
    return new RabbitMQHealthCheck(connections, channels);
  }
}
