package org.jamessts.rabbitmq;

import java.nio.file.Path;
import org.apache.james.ExtraProperties;
import org.apache.james.FakeSearchMailboxModule;
import org.apache.james.GuiceJamesServer;
import org.apache.james.MemoryJamesConfiguration;
import org.apache.james.MemoryJamesServerMain;
import org.apache.james.modules.RunArgumentsModule;
import org.apache.james.modules.server.JMXServerModule;

/**
 * The main class of a James whose queues are at RabbitMQ, which {@code conf/rabbitmq.properties}
 * names as in James's distributed server.
 */
public final class RabbitJames {

  private RabbitJames() {}

  /** Runs until the process is asked to end. */
  public static void main(String[] arguments) throws Exception {
    ExtraProperties.initialize();
    MemoryJamesConfiguration configuration =
        MemoryJamesConfiguration.builder().useWorkingDirectoryEnvProperty().build();
    Path var = Path.of(configuration.directories().getVarDirectory());
    GuiceJamesServer server =
        MemoryJamesServerMain.createServer(configuration)
            .combineWith(new FakeSearchMailboxModule(), new JMXServerModule())
            .overrideWith(
                new RunArgumentsModule(arguments),
                new RabbitQueues(var.resolve("store").resolve("blobs")));
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop"));
  }
}
