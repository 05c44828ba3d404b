package org.jamessts.harness;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.h2.mvstore.MVStore;

/**
 * What a stopped server has counted, as if it had done so a day earlier: reports are sent when a
 * day has ended, and nobody wants to wait for that.
 */
public final class CountedDay {

  private CountedDay() {}

  /**
   * Makes today's sessions those of yesterday, whose reports are due.
   *
   * @param workingDirectory of a server that is stopped, with a store of its own
   */
  public static void becomeYesterday(Path workingDirectory) throws SQLException {
    Path file = workingDirectory.resolve("var/sts/sts").toAbsolutePath();
    // James never closes it, and H2 would overlook what was written last: org.jamessts.store looks
    // through the whole file, too.
    new MVStore.Builder().fileName(file + ".mv.db").recoveryMode().open().close();
    try (Connection store =
        DriverManager.getConnection("jdbc:h2:file:" + file + ";MODE=PostgreSQL", "sts", "")) {
      becomeYesterday(store);
    }
  }

  /**
   * The same in a database of servers that may be running, in one transaction if the connection
   * commits none by itself.
   *
   * @param store where the servers keep what they count
   * @return which day that is
   */
  public static LocalDate becomeYesterday(Connection store) throws SQLException {
    LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    try (Statement statement = store.createStatement()) {
      for (String table : new String[] {"sts_session", "sts_session_failure"}) {
        statement.execute("UPDATE " + table + " SET report_day = '" + yesterday + "'");
      }
      statement.execute(
          "UPDATE sts_report SET report_day = '" + yesterday + "', due_at = CURRENT_TIMESTAMP");
    }
    return yesterday;
  }
}
