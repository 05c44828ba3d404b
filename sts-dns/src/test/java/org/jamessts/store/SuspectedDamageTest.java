package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An embedded database that shows damage while it is in use. H2 did so under load with a file that
 * was whole, and all mail in it was set aside.
 */
@Timeout(120)
class SuspectedDamageTest {

  /** More than H2 may keep in memory. */
  private static final int MAILS = 100;

  private static final int CACHE_KIB = 1_024;

  private static final int OCTETS = 50_000;
  private static final long ALL = (long) MAILS * OCTETS;

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private EmbeddedDatabase database;

  @BeforeEach
  void fill() throws Exception {
    database = new EmbeddedDatabase(directory, clock, CACHE_KIB);
    Random random = new Random(1);
    byte[] octets = new byte[OCTETS];
    try (JdbcDeferralStore store = new JdbcDeferralStore(database, Duration.ZERO)) {
      for (int i = 0; i < MAILS; i++) {
        random.nextBytes(octets);
        store.put(mail("mail-" + i), out -> out.write(octets));
      }
    }
  }

  private DeferredMail mail(String id) {
    Instant now = clock.instant();
    DeferredMail.Cause cause = new DeferredMail.Cause("example.test", "policy", "", "450 later");
    return new DeferredMail(id, id, "outgoing", cause, "envelope", now, now);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void fileThatIsWholeShouldBeUsedFurther() throws Exception {
    byte[] whole = Files.readAllBytes(file());
    showDamage(whole);

    assertThat(octets()).isEqualTo(ALL);
    assertThat(database.damage())
        .hasValueSatisfying(what -> assertThat(what).contains("opened again"));
  }

  /** H2 may go back to a state of which the damaged part is none, and loses what came later. */
  @Test
  void fileShouldBeKeptAsItWasWhateverIsMadeOfIt() throws Exception {
    byte[] damaged = damaged(Files.readAllBytes(file()));
    Files.write(file(), damaged);
    assertThatThrownBy(this::octets).isInstanceOf(SQLException.class);

    assertThat(octets()).isLessThan(ALL);
    assertThat(DamagedFiles.in(directory).get(0)).hasBinaryContent(damaged);
  }

  @Test
  void fileThatShowsDamageAgainSoonShouldBeSetAside() throws Exception {
    byte[] whole = Files.readAllBytes(file());
    showDamage(whole);
    assertThat(octets()).isEqualTo(ALL);
    clock.advance(Duration.ofMinutes(9));

    Files.write(file(), damaged(whole));
    assertThatThrownBy(this::octets).isInstanceOf(SQLException.class);

    assertThat(octets()).isZero();
    assertThat(database.damage())
        .hasValueSatisfying(what -> assertThat(what).contains("begun anew"));
    assertThat(DamagedFiles.in(directory)).hasSize(2);
  }

  @Test
  void damageShouldBeForgottenAfterAWhile() throws Exception {
    byte[] whole = Files.readAllBytes(file());
    for (int i = 0; i < 3; i++) {
      showDamage(whole);
      assertThat(octets()).isEqualTo(ALL);
      clock.advance(Duration.ofMinutes(11));
    }
  }

  /** As H2 does by mistake: afterwards, the file is whole. */
  private void showDamage(byte[] whole) throws IOException {
    Files.write(file(), damaged(whole));
    assertThatThrownBy(this::octets).isInstanceOf(SQLException.class);
    Files.write(file(), whole);
  }

  private static byte[] damaged(byte[] file) {
    byte[] damaged = file.clone();
    Arrays.fill(damaged, file.length / 4, file.length / 2, (byte) 'x');
    return damaged;
  }

  private long octets() throws SQLException {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows =
                  statement.executeQuery(
                      "SELECT COALESCE(SUM(LENGTH(octets)), 0) FROM sts_deferred_part")) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }

  private Path file() {
    return directory.resolve("sts.mv.db");
  }
}
