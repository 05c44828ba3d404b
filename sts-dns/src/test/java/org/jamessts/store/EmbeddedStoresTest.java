package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jamessts.deferral.ClaimedMail;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.testing.SettableClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contracts of all stores on the embedded database. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedStoresTest {

  @TempDir Path root;
  private final SettableClock clock = new SettableClock();
  private final List<Server> servers = new ArrayList<>();

  /** A file belongs to one process; what stands for several servers there shares its database. */
  private @Nullable Database database;

  @Nested
  class Policies extends OnH2 implements StoredPoliciesContract {}

  @Nested
  class Refreshes extends OnH2 implements RefreshScheduleContract {}

  @Nested
  class Alarms extends OnH2 implements AlarmLogContract {}

  @Nested
  class Overrides extends OnH2 implements OverrideStoreContract {}

  @Nested
  class Enforcement extends OnH2 implements EnforcementStoreContract {}

  @Nested
  class Deferrals extends OnH2 implements DeferralStoreContract {

    /** Of a file in use by no other process, nobody else has claimed anything. */
    @Test
    void claimOfAnEarlierProcessShouldEndAtTheStart() throws Exception {
      Server died = server();
      put(died, mail("a.example", Duration.ZERO));
      DeferredMail later = put(died, mail("b.example", Duration.ofHours(1)));
      ClaimedMail before = DeferralStoreContract.only(died.deferrals.claim(clock.instant(), ALL));
      died.close();
      database = null;

      Server next = server();

      ClaimedMail after = DeferralStoreContract.only(next.deferrals.claim(clock.instant(), ALL));
      assertThat(after.mail().id()).isEqualTo(before.mail().id());
      assertThat(next.deferrals.delete(List.of(before))).isZero();
      assertThat(next.deferrals.delete(List.of(after))).isEqualTo(1);
      assertThat(next.deferrals.nextDue()).as("not claimed").contains(later.due());
    }

    /** What it had claimed is in a queue by now, or will be in a moment. */
    @Test
    void claimShouldHoldOnWhenTheFileIsOpenedAnewByTheSameProcess() throws Exception {
      Server server = server();
      put(server, mail("a.example", Duration.ZERO));
      ClaimedMail claimed =
          DeferralStoreContract.only(server.deferrals.claim(clock.instant(), ALL));
      assertThatThrownBy(
              () ->
                  database()
                      .read(
                          connection -> {
                            throw new OutOfMemoryError("thrown by a test");
                          }))
          .isInstanceOf(OutOfMemoryError.class);

      assertThat(server.deferrals.claim(clock.instant(), ALL)).isEmpty();
      assertThat(server.deferrals.delete(List.of(claimed))).isEqualTo(1);
    }
  }

  @Nested
  class Received extends OnH2 implements ReceivedReportsContract {}

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

    @Override
    public Server server() {
      return server(database());
    }

    @Override
    public Server serverWithoutDatabase() {
      try {
        return server(h2(Files.createFile(root.resolve("a file"))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Database database() {
      Database open = database == null ? h2(root.resolve("db")) : database;
      database = open;
      return open;
    }

    private Database h2(Path directory) {
      return new EmbeddedDatabase(directory, clock);
    }

    private Server server(Database on) {
      servers.add(new Server(on, clock));
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
