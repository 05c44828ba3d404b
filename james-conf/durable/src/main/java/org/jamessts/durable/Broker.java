package org.jamessts.durable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.jms.ConnectionFactory;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQPrefetchPolicy;
import org.apache.activemq.RedeliveryPolicy;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;
import org.apache.activemq.plugin.StatisticsBrokerPlugin;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;
import org.apache.activemq.store.kahadb.disk.journal.Journal.JournalDiskSyncStrategy;
import org.apache.activemq.usage.SystemUsage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the queues of James on disk, in this process. A message counts as sent, and a taken one as
 * done, once that is in the journal and the disk has confirmed it. It listens on no port: James's
 * own embedded broker opens one that asks nobody who he is.
 */
final class Broker implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Broker.class);

  /**
   * How many messages of a queue are looked at for one that a consumer wants. James's consumers do
   * not want those whose time has not come; with more of them at the head than this, nothing behind
   * them would leave.
   */
  private static final int PAGE = 100_000;

  /**
   * Of the space on the disk; ActiveMQ's own default is 100 GB, and it warns where there is less.
   */
  private static final double SHARE_OF_DISK = 0.9;

  private static final long TEMPORARY_BYTES = 64L * 1024 * 1024;

  private final BrokerService service;

  private Broker(BrokerService service) {
    this.service = service;
  }

  /**
   * Opens the queues in a directory; what was unfinished at the end of an earlier process is there
   * again.
   *
   * @param directory is created
   * @throws IOException if it cannot be used, for example because another process does
   */
  static Broker start(Path directory) throws IOException {
    BrokerService service = new BrokerService();
    try {
      service.setBrokerName("james");
      service.setUseJmx(false);
      service.setUseShutdownHook(false);
      service.setSchedulerSupport(false);
      service.setDataDirectoryFile(directory.toFile());
      service.setPersistenceAdapter(journal(directory));
      service.setDestinationPolicy(policy());
      // James asks it for the sizes of queues.
      service.setPlugins(new BrokerPlugin[] {new StatisticsBrokerPlugin()});
      limit(service.getSystemUsage(), Files.createDirectories(directory));
      service.start();
      service.waitUntilStarted();
      return new Broker(service);
    } catch (Exception e) {
      stop(service);
      throw new IOException("the queues in " + directory + " cannot be opened", e);
    }
  }

  private static void limit(SystemUsage usage, Path directory) throws IOException {
    long space = Files.getFileStore(directory).getUsableSpace();
    usage.getStoreUsage().setLimit((long) (space * SHARE_OF_DISK));
    usage.getTempUsage().setLimit(TEMPORARY_BYTES);
  }

  private static KahaDBPersistenceAdapter journal(Path directory) throws IOException {
    KahaDBPersistenceAdapter journal = new KahaDBPersistenceAdapter();
    journal.setDirectory(directory.resolve("journal").toFile());
    journal.setJournalDiskSyncStrategy(JournalDiskSyncStrategy.ALWAYS.name());
    journal.setCheckForCorruptJournalFiles(true);
    // Else a message may be handed out before it is on disk.
    journal.setConcurrentStoreAndDispatchQueues(false);
    journal.getLocker().setFailIfLocked(true);
    return journal;
  }

  private static PolicyMap policy() {
    PolicyEntry queues = new PolicyEntry();
    queues.setQueue(">");
    queues.setMaxPageSize(PAGE);
    PolicyMap policy = new PolicyMap();
    policy.setDefaultEntry(queues);
    return policy;
  }

  /** Connects to this broker. */
  ConnectionFactory connections() {
    ActiveMQConnectionFactory factory =
        new ActiveMQConnectionFactory(service.getVmConnectorURI().toString());
    // A consumer that fetched mails ahead would keep them from the others.
    ActiveMQPrefetchPolicy prefetch = new ActiveMQPrefetchPolicy();
    prefetch.setAll(0);
    factory.setPrefetchPolicy(prefetch);
    // By default, what was put back six times goes to a queue of which James knows nothing.
    RedeliveryPolicy redelivery = new RedeliveryPolicy();
    redelivery.setMaximumRedeliveries(RedeliveryPolicy.NO_MAXIMUM_REDELIVERIES);
    factory.setRedeliveryPolicy(redelivery);
    return factory;
  }

  /** Ends it. What was taken and not confirmed stays in its queue. */
  @Override
  public void close() {
    stop(service);
  }

  private static void stop(BrokerService service) {
    try {
      service.stop();
      service.waitUntilStopped();
    } catch (Exception e) {
      // The journal is made for ends without a goodbye.
      LOGGER.warn("the queues were not closed in order: {}", e.toString());
    }
  }
}
