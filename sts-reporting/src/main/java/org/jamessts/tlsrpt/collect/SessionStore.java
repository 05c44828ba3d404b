package org.jamessts.tlsrpt.collect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.store.Database;
import org.jamessts.store.StoreAccess;
import org.jamessts.store.StoreException;
import org.jamessts.store.Times;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.ReportTimes;

/**
 * The counts of all servers that share a database, in the tables {@code sts_session} and {@code
 * sts_session_failure}: a row for each policy of a domain and day, and for each kind of failure.
 * With the first session of a domain on a day comes the row of its report, in {@code sts_report}.
 */
public final class SessionStore {

  /** Domains of a day that are deleted at a time: that takes no longer than a moment. */
  private static final int DELETED = 2_000;

  private final StoreAccess access;
  private final SessionLimits limits;
  private final ReportTimes times;
  private final DomainsOfDay domains;

  /**
   * A store; the database is opened at the first call.
   *
   * @param limits of what is in it
   * @param times when reports will be due
   */
  public SessionStore(StoreAccess access, SessionLimits limits, ReportTimes times) {
    this.access = access;
    this.limits = limits;
    this.times = times;
    this.domains = new DomainsOfDay(limits.domainsPerDay());
  }

  /**
   * Adds a batch, unless it is here already.
   *
   * @return how many sessions were not counted because there is too much of something
   * @throws StoreException when nobody knows whether it was added: it may be given again
   */
  long add(SessionBatch batch, Instant now) throws StoreException {
    return access.write(
        connection -> {
          Database.Work<Long> adding =
              with ->
                  isNew(batch, now, with)
                      ? new Addition(with, limits, times, domains).add(batch.increments())
                      : 0L;
          try {
            return adding.inOneTransaction().on(connection);
          } catch (SQLException | RuntimeException e) {
            domains.forget();
            throw e;
          }
        });
  }

  /** Two that try the same at once: the later one waits here until the earlier one has decided. */
  private static boolean isNew(SessionBatch batch, Instant now, Connection connection)
      throws SQLException {
    try (PreparedStatement note =
        connection.prepareStatement(
            "INSERT INTO sts_session_batch (id, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
      note.setString(1, batch.id());
      note.setObject(2, Times.utc(now));
      return note.executeUpdate() > 0;
    }
  }

  /**
   * The domains of which something is kept of a day, in the order of the database.
   *
   * @param after begins behind this one; empty for the first ones
   */
  public List<DomainName> domains(LocalDate day, Optional<DomainName> after, int limit)
      throws StoreException {
    return access.read(connection -> SessionRows.domains(connection, day, after, limit));
  }

  /**
   * What happened with some domains on a day; what is equal is in the same order.
   *
   * @param domains a few: their policies may be long
   */
  public Map<DomainName, List<PolicySummary>> of(LocalDate day, Collection<DomainName> domains)
      throws StoreException {
    return read(day, domains, SessionRows.Details.LEFT);
  }

  /** The same, with what hosts showed. */
  public Map<DomainName, List<PolicySummary>> withDetails(
      LocalDate day, Collection<DomainName> domains) throws StoreException {
    return read(day, domains, SessionRows.Details.READ);
  }

  private Map<DomainName, List<PolicySummary>> read(
      LocalDate day, Collection<DomainName> domains, SessionRows.Details details)
      throws StoreException {
    return domains.isEmpty()
        ? Map.of()
        : access.read(connection -> SessionRows.of(connection, day, domains, details));
  }

  /** Deletes all of the days that ended before a moment, and of their reports. */
  void deleteBefore(Instant end) throws StoreException {
    LocalDate day = LocalDate.ofInstant(end, ZoneOffset.UTC);
    while (access.write(connection -> deleteSome(connection, day))) {
      // There may be more.
    }
    var unused =
        access.write(
            connection -> {
              try (PreparedStatement delete =
                  connection.prepareStatement("DELETE FROM sts_session_batch WHERE added_at < ?")) {
                delete.setObject(1, Times.utc(end));
                return delete.executeUpdate();
              }
            });
  }

  private static boolean deleteSome(Connection connection, LocalDate before) throws SQLException {
    Optional<LocalDate> oldest = oldest(connection);
    if (oldest.isEmpty() || !oldest.get().isBefore(before)) {
      return false;
    }
    List<DomainName> some =
        SessionRows.domains(connection, oldest.get(), Optional.empty(), DELETED);
    DomainName last = some.get(some.size() - 1);
    // The reports last: they tell what there is to delete.
    for (String table : List.of("sts_session_failure", "sts_session", "sts_report")) {
      try (PreparedStatement delete =
          connection.prepareStatement(
              "DELETE FROM " + table + " WHERE report_day = ? AND domain <= ?")) {
        delete.setObject(1, oldest.get());
        delete.setString(2, last.value());
        delete.executeUpdate();
      }
    }
    return true;
  }

  private static Optional<LocalDate> oldest(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT MIN(report_day) FROM sts_report");
        ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.ofNullable(row.getObject(1, LocalDate.class)) : Optional.empty();
    }
  }

  /** What does not work, in words, while it does not. */
  Optional<String> trouble() {
    return access.trouble();
  }
}
