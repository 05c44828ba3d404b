package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresReadingTest {

  private static TestPostgres postgres;

  @BeforeAll
  static void start() throws Exception {
    postgres = TestPostgres.start();
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void empty() throws Exception {
    postgres.empty();
  }

  private static int number(Database database, String sql) throws SQLException {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getInt(1);
          }
        });
  }

  private static void asAServer(String sql) throws SQLException {
    try (PostgresDatabase server = new PostgresDatabase(postgres.place())) {
      server.write(connection -> connection.createStatement().execute(sql));
    }
  }

  @Test
  void readingShouldSeeWhatServersHaveKept() throws Exception {
    asAServer("INSERT INTO sts_schema VALUES (0, NOW())");

    try (PostgresReading reading = new PostgresReading(postgres.place())) {
      assertThat(number(reading, "SELECT COUNT(*) FROM sts_schema WHERE version = 0")).isOne();
    }
  }

  @Test
  void tablesOfAnotherVersionShouldBeRefusedAndLeftAsTheyAre() throws Exception {
    asAServer("DELETE FROM sts_schema WHERE version = (SELECT MAX(version) FROM sts_schema)");
    try (PostgresReading reading = new PostgresReading(postgres.place())) {
      assertThatThrownBy(() -> number(reading, "SELECT 1"))
          .isInstanceOf(SQLException.class)
          .hasMessageMatching("its tables have version \\d+, this james-sts reads only \\d+");
    }
    postgres.empty();

    try (PostgresReading reading = new PostgresReading(postgres.place())) {
      assertThatThrownBy(() -> number(reading, "SELECT 1"))
          .isInstanceOf(SQLException.class)
          .hasMessage("no james-sts has made its tables yet");
    }
    try (var connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT TO_REGCLASS('sts_schema')")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isNull();
    }
  }

  @Test
  void nothingShouldBeWritten() throws Exception {
    asAServer("SELECT 1");

    try (PostgresReading reading = new PostgresReading(postgres.place())) {
      assertThatThrownBy(
              () ->
                  reading.read(
                      connection ->
                          connection.createStatement().executeUpdate("DELETE FROM sts_policy")))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("read-only");
      assertThatThrownBy(() -> reading.write(connection -> 1)).isInstanceOf(SQLException.class);
    }
  }
}
