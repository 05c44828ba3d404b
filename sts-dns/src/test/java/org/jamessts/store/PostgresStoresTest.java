package org.jamessts.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** The contracts of all stores on a PostgreSQL server. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PostgresStoresTest {

  private static final int NOBODY = 1;

  private static EmbeddedPostgres postgres;

  private final SettableClock clock = new SettableClock();
  private final List<Server> servers = new ArrayList<>();

  @Nested
  class Policies extends OnPostgres implements StoredPoliciesContract {}

  @Nested
  class Refreshes extends OnPostgres implements RefreshScheduleContract {}

  @Nested
  class Alarms extends OnPostgres implements AlarmLogContract {}

  @Nested
  class Overrides extends OnPostgres implements OverrideStoreContract {}

  @Nested
  class Migration extends OnPostgres implements MigrationContract {}

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    execute(
        "DROP TABLE IF EXISTS sts_policy, sts_draft, sts_draft_candidate, sts_alarm, sts_override,"
            + " sts_schema");
  }

  @AfterEach
  void close() {
    servers.forEach(Server::close);
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  abstract class OnPostgres implements StoreContract {

    @Override
    public SettableClock clock() {
      return clock;
    }

    @Override
    public Server server() {
      return server(postgres.getPort());
    }

    @Override
    public Server serverWithoutDatabase() {
      return server(NOBODY);
    }

    private Server server(int port) {
      String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
      PostgresServer place = new PostgresServer(url, "postgres", "postgres");
      servers.add(new Server(new PostgresDatabase(place), clock));
      return servers.get(servers.size() - 1);
    }

    @Override
    public void sql(String... statements) throws SQLException {
      execute(statements);
    }
  }
}
