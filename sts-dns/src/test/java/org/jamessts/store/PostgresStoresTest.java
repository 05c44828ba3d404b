package org.jamessts.store;

import java.io.IOException;
import java.sql.SQLException;
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

  private static TestPostgres postgres;

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
  class Enforcement extends OnPostgres implements EnforcementStoreContract {}

  @Nested
  class Deferrals extends OnPostgres implements DeferralStoreContract {}

  @Nested
  class Received extends OnPostgres implements ReceivedReportsContract {}

  @Nested
  class Migration extends OnPostgres implements MigrationContract {}

  @BeforeAll
  static void start() throws IOException {
    postgres = TestPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    postgres.empty();
  }

  @AfterEach
  void close() {
    servers.forEach(Server::close);
  }

  abstract class OnPostgres implements StoreContract {

    @Override
    public SettableClock clock() {
      return clock;
    }

    @Override
    public Server server() {
      return server(postgres.place());
    }

    @Override
    public Server serverWithoutDatabase() {
      return server(TestPostgres.placeAt(NOBODY));
    }

    private Server server(PostgresServer place) {
      servers.add(new Server(new PostgresDatabase(place), clock));
      return servers.get(servers.size() - 1);
    }

    @Override
    public void sql(String... statements) throws SQLException {
      postgres.execute(statements);
    }
  }
}
