package org.jamessts.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contracts of all stores on the embedded database. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedStoresTest {

  @TempDir Path root;
  private final SettableClock clock = new SettableClock();
  private final List<Server> servers = new ArrayList<>();

  @Nested
  class Policies extends OnH2 implements StoredPoliciesContract {}

  @Nested
  class Refreshes extends OnH2 implements RefreshScheduleContract {}

  @Nested
  class Alarms extends OnH2 implements AlarmLogContract {}

  @Nested
  class Overrides extends OnH2 implements OverrideStoreContract {}

  @Nested
  class Migration extends OnH2 implements MigrationContract {}

  @AfterEach
  void close() {
    servers.forEach(Server::close);
  }

  abstract class OnH2 implements StoreContract {

    @Override
    public SettableClock clock() {
      return clock;
    }

    // H2 lets one process have a file open several times, as if it were several servers.
    @Override
    public Server server() {
      return server(root.resolve("db"));
    }

    @Override
    public Server serverWithoutDatabase() {
      try {
        return server(Files.createFile(root.resolve("a file")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Server server(Path directory) {
      servers.add(new Server(new EmbeddedDatabase(directory, clock), clock));
      return servers.get(servers.size() - 1);
    }

    @Override
    public void sql(String... statements) throws SQLException {
      String url = "jdbc:h2:file:" + root.resolve("db/sts") + ";MODE=PostgreSQL";
      try (Connection connection = DriverManager.getConnection(url, "sts", "");
          Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
    }
  }
}
