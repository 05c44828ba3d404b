package org.jamessts.tlsrpt.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.store.Database;
import org.jamessts.store.StoreAccess;
import org.jamessts.store.StoreException;
import org.jamessts.store.Times;
import org.jamessts.tlsrpt.ReportId;

/**
 * The reports of all servers that share a database, in the table {@code sts_report}: a row for each
 * domain and day. A server that claims one has it for a while, and then anybody may.
 */
public final class ReportStore {

  private static final String COLUMNS =
      "report_day, domain, report_id, state, planned_at, due_at, attempts, outcome";

  /** Rows that are changed in a moment. */
  private static final int PART = 5_000;

  private final StoreAccess access;

  /** A store; the database is opened at the first call. */
  public ReportStore(StoreAccess access) {
    this.access = access;
  }

  /**
   * Takes reports that are due, those that are due longest first.
   *
   * @param claim by whom, in at most 36 characters
   * @param until when they are due again for everybody
   */
  List<PlannedReport> claim(String claim, Instant now, Instant until, int limit)
      throws StoreException {
    List<PlannedReport> due = access.read(connection -> due(connection, now, limit));
    // Most of the time there is nothing to change, and a change waits for the disk.
    return due.isEmpty()
        ? due
        : access.write(
            connection ->
                inOne(
                    connection,
                    "UPDATE sts_report SET claim = ?, due_at = ? WHERE report_day = ?"
                        + " AND domain = ? AND state = 'PENDING' AND due_at = ?",
                    due,
                    (update, report) -> {
                      update.setString(1, claim);
                      update.setObject(2, Times.utc(until));
                      update.setObject(3, report.day());
                      update.setString(4, report.domain().value());
                      update.setObject(5, Times.utc(report.due()));
                    }));
  }

  private static List<PlannedReport> due(Connection connection, Instant now, int limit)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM sts_report WHERE state = 'PENDING' AND due_at <= ?"
                + " ORDER BY state, due_at LIMIT ?")) {
      select.setObject(1, Times.utc(now));
      select.setInt(2, limit);
      return read(select);
    }
  }

  @FunctionalInterface
  private interface Parameters<T> {
    void set(PreparedStatement statement, T of) throws SQLException;
  }

  /** One change for each, all in one transaction; returns for which there was something. */
  private static <T> List<T> inOne(
      Connection connection, String sql, Collection<T> all, Parameters<T> parameters)
      throws SQLException {
    List<T> order = List.copyOf(all);
    Database.Work<List<T>> work =
        with -> {
          List<T> changed = new ArrayList<>();
          try (PreparedStatement statement = with.prepareStatement(sql)) {
            for (T one : order) {
              parameters.set(statement, one);
              statement.addBatch();
            }
            int[] changes = statement.executeBatch();
            for (int i = 0; i < changes.length; i++) {
              if (changes[i] > 0) {
                changed.add(order.get(i));
              }
            }
          }
          return changed;
        };
    return work.inOneTransaction().on(connection);
  }

  /** Keeps claimed reports for longer; returns those that are still claimed. */
  List<PlannedReport> renew(String claim, Collection<PlannedReport> held, Instant until)
      throws StoreException {
    return access.write(
        connection ->
            inOne(
                connection,
                "UPDATE sts_report SET due_at = ? WHERE report_day = ? AND domain = ?"
                    + " AND claim = ?",
                held,
                (update, report) -> {
                  update.setObject(1, Times.utc(until));
                  update.setObject(2, report.day());
                  update.setString(3, report.domain().value());
                  update.setString(4, claim);
                }));
  }

  /**
   * What an attempt has led to.
   *
   * @param report which
   * @param state from now on
   * @param due when it is tried again; else when all was over
   * @param outcome in words
   * @param attempts how many there were, with this one
   */
  record Settled(
      PlannedReport report, ReportState state, Instant due, String outcome, int attempts) {}

  /** Notes what became of claimed reports; returns those that were still claimed. */
  List<Settled> settle(String claim, Collection<Settled> settled) throws StoreException {
    return access.write(
        connection ->
            inOne(
                connection,
                "UPDATE sts_report SET state = ?, due_at = ?, attempts = ?, outcome = ?,"
                    + " claim = NULL"
                    + " WHERE report_day = ? AND domain = ? AND claim = ?",
                settled,
                (update, one) -> {
                  update.setString(1, one.state().name());
                  update.setObject(2, Times.utc(one.due()));
                  update.setInt(3, one.attempts());
                  update.setBytes(4, one.outcome().getBytes(UTF_8));
                  update.setObject(5, one.report().day());
                  update.setString(6, one.report().domain().value());
                  update.setString(7, claim);
                }));
  }

  /** Gives reports back that were claimed and not tried. */
  void release(String claim, Collection<PlannedReport> held, Instant now) throws StoreException {
    var unused =
        access.write(
            connection ->
                inOne(
                    connection,
                    "UPDATE sts_report SET due_at = ?, claim = NULL WHERE report_day = ?"
                        + " AND domain = ? AND claim = ?",
                    held,
                    (update, report) -> {
                      update.setObject(1, Times.utc(now));
                      update.setObject(2, report.day());
                      update.setString(3, report.domain().value());
                      update.setString(4, claim);
                    }));
  }

  /** When the next report is due, or will be. */
  Optional<Instant> nextDue() throws StoreException {
    return access.read(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT due_at FROM sts_report WHERE state = 'PENDING'"
                          + " ORDER BY state, due_at LIMIT 1");
              ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(Times.read(row, "due_at")) : Optional.empty();
          }
        });
  }

  /**
   * Has reports sent that were not: those that wait, and those that were given up or not wanted,
   * which then have as long as new ones.
   *
   * @param domain of one domain only
   * @return how many
   */
  int sendNow(LocalDate day, Optional<DomainName> domain, Instant now) throws StoreException {
    if (domain.isPresent()) {
      return sendNow(day, List.of(domain.get()), now);
    }
    int all = 0;
    Optional<DomainName> after = Optional.empty();
    List<PlannedReport> page = reports(day, Optional.empty(), after, PART);
    while (!page.isEmpty()) {
      all += sendNow(day, page.stream().map(PlannedReport::domain).toList(), now);
      after = Optional.of(page.get(page.size() - 1).domain());
      page = reports(day, Optional.empty(), after, PART);
    }
    return all;
  }

  private int sendNow(LocalDate day, List<DomainName> domains, Instant now) throws StoreException {
    return access
        .write(
            connection ->
                inOne(
                    connection,
                    "UPDATE sts_report SET state = 'PENDING', planned_at = ?, due_at = ?"
                        + " WHERE report_day = ? AND domain = ? AND claim IS NULL"
                        + " AND state <> 'SENT' AND (state <> 'PENDING' OR due_at > ?)",
                    domains,
                    (update, domain) -> {
                      update.setObject(1, Times.utc(now));
                      update.setObject(2, Times.utc(now));
                      update.setObject(3, day);
                      update.setString(4, domain.value());
                      update.setObject(5, Times.utc(now));
                    }))
        .size();
  }

  /** How many reports, of all days, are still to be sent. */
  public long pending() throws StoreException {
    return access.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT COUNT(*) FROM sts_report WHERE state = ?")) {
            select.setString(1, ReportState.PENDING.name());
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? row.getLong(1) : 0L;
            }
          }
        });
  }

  /** How many reports of a day are in which state. */
  public Map<ReportState, Long> counts(LocalDate day) throws StoreException {
    return access.read(
        connection -> {
          Map<ReportState, Long> counts = new EnumMap<>(ReportState.class);
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT state, COUNT(*) AS reports FROM sts_report WHERE report_day = ?"
                      + " GROUP BY state")) {
            select.setObject(1, day);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                counts.put(ReportState.valueOf(row.getString("state")), row.getLong("reports"));
              }
            }
          }
          return counts;
        });
  }

  /**
   * How far the reports of a day have come.
   *
   * @param underWay that are being tried, or will be at once
   * @param waiting that were tried without success, or are not due yet, and are tried later
   * @param sent that somebody has accepted
   * @param notWanted that nobody wants
   * @param givenUp that nobody has accepted in time
   */
  public record Progress(long underWay, long waiting, long sent, long notWanted, long givenUp) {}

  /**
   * How far the reports of a day have come.
   *
   * @param domain of one domain only
   */
  public Progress progress(LocalDate day, Optional<DomainName> domain, Instant now)
      throws StoreException {
    return access.read(connection -> progress(connection, day, domain, now));
  }

  private static Progress progress(
      Connection connection, LocalDate day, Optional<DomainName> domain, Instant now)
      throws SQLException {
    long waiting = 0;
    Map<ReportState, Long> counts = new EnumMap<>(ReportState.class);
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT state, later, COUNT(*) AS reports FROM (SELECT state,"
                + " CASE WHEN claim IS NULL AND due_at > ? THEN 1 ELSE 0 END AS later"
                + " FROM sts_report WHERE report_day = ?"
                + (domain.isPresent() ? " AND domain = ?" : "")
                + ") AS report GROUP BY state, later")) {
      select.setObject(1, Times.utc(now));
      select.setObject(2, day);
      if (domain.isPresent()) {
        select.setString(3, domain.get().value());
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          ReportState state = ReportState.valueOf(row.getString("state"));
          if (state == ReportState.PENDING && row.getInt("later") == 1) {
            waiting += row.getLong("reports");
          } else {
            counts.merge(state, row.getLong("reports"), Long::sum);
          }
        }
      }
    }
    return new Progress(
        counts.getOrDefault(ReportState.PENDING, 0L),
        waiting,
        counts.getOrDefault(ReportState.SENT, 0L),
        counts.getOrDefault(ReportState.NOT_WANTED, 0L),
        counts.getOrDefault(ReportState.GIVEN_UP, 0L));
  }

  /**
   * The reports of a day, in the order of the database.
   *
   * @param state of this state only
   * @param after begins behind this domain
   */
  public List<PlannedReport> reports(
      LocalDate day, Optional<ReportState> state, Optional<DomainName> after, int limit)
      throws StoreException {
    return access.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT "
                      + COLUMNS
                      + " FROM sts_report WHERE report_day = ? AND domain > ?"
                      + (state.isPresent() ? " AND state = ?" : "")
                      + " ORDER BY domain LIMIT ?")) {
            int next = 1;
            select.setObject(next++, day);
            select.setString(next++, after.map(DomainName::value).orElse(""));
            if (state.isPresent()) {
              select.setString(next++, state.get().name());
            }
            select.setInt(next, limit);
            return read(select);
          }
        });
  }

  private static List<PlannedReport> read(PreparedStatement select) throws SQLException {
    List<PlannedReport> reports = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        reports.add(
            new PlannedReport(
                row.getObject("report_day", LocalDate.class),
                new DomainName(row.getString("domain")),
                new ReportId(row.getString("report_id")),
                ReportState.valueOf(row.getString("state")),
                Times.read(row, "planned_at"),
                Times.read(row, "due_at"),
                row.getInt("attempts"),
                new String(row.getBytes("outcome"), UTF_8)));
      }
    }
    return reports;
  }
}
