package org.jamessts.durable;

import com.google.common.base.Throwables;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import org.apache.james.ExtraProperties;
import org.apache.james.FakeSearchMailboxModule;
import org.apache.james.GuiceJamesServer;
import org.apache.james.MemoryJamesConfiguration;
import org.apache.james.MemoryJamesServerMain;
import org.apache.james.modules.RunArgumentsModule;
import org.apache.james.modules.server.JMXServerModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Hooks;

/**
 * The main class of a James whose queues outlive its process. It takes the same configuration and
 * system properties as {@code org.apache.james.MemoryJamesServerMain}, and differs from it in one
 * thing: the queues are in {@code var/store/queues} of the working directory.
 */
public final class DurableJames {

  private static final Logger LOGGER = LoggerFactory.getLogger(DurableJames.class);

  private DurableJames() {}

  /** Runs until the process is asked to end. */
  public static void main(String[] arguments) throws Exception {
    ExtraProperties.initialize();
    MemoryJamesConfiguration configuration =
        MemoryJamesConfiguration.builder().useWorkingDirectoryEnvProperty().build();
    Path var = Path.of(configuration.directories().getVarDirectory());
    Broker broker = Broker.start(var.resolve("store").resolve("queues"));
    GuiceJamesServer server =
        MemoryJamesServerMain.createServer(configuration)
            .combineWith(new FakeSearchMailboxModule(), new JMXServerModule())
            .overrideWith(
                new RunArgumentsModule(arguments), new DurableQueues(broker.connections()));
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, broker), "stop"));
  }

  /** The broker last: mails whose delivery ends while James stops are confirmed to it. */
  private static void stop(GuiceJamesServer server, Broker broker) {
    Hooks.onErrorDropped(DurableJames::dropped);
    try {
      server.stop();
    } finally {
      broker.close();
    }
  }

  /** James interrupts whoever waits for mail, and nobody is left to be told of that. */
  private static void dropped(Throwable error) {
    boolean interrupted =
        Throwables.getCausalChain(error).stream()
            .anyMatch(
                cause ->
                    cause instanceof InterruptedException
                        || cause instanceof InterruptedIOException);
    if (interrupted) {
      LOGGER.info("ended by the stop: {}", error.toString());
    } else {
      LOGGER.error("an error came too late for whoever asked", error);
    }
  }
}
