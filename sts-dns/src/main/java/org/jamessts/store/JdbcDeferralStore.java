package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jamessts.deferral.ClaimedMail;
import org.jamessts.deferral.DeferralCount;
import org.jamessts.deferral.DeferralReason;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.deferral.DeferredMail;

/**
 * Deferred mail in the tables {@code sts_deferred} and {@code sts_deferred_part}. It has threads of
 * its own, so that a large mail is in the way of no policy, and goes by a view of its own whether
 * the database works.
 */
final class JdbcDeferralStore implements DeferralStore, AutoCloseable {

  /** What H2 takes in one column. */
  private static final int MAX_ENVELOPE = 1_000_000;

  /** Mails that are made due in one transaction: a call must end in time. */
  private static final int FLUSHED_AT_ONCE = 1_000;

  private static final int DOMAINS_AT_ONCE = 100;

  /** Several share what it takes to be safe on a disk. */
  private static final int AT_ONCE = 6;

  /** Small mails in one step: what they hold in memory at a time is bounded by that. */
  private static final int SMALL_MAILS = 64;

  private static final String INSERT =
      "INSERT INTO sts_deferred (id, name, queue, domain, verdict, result_type, explanation,"
          + " envelope, parts, octets, deferred_at, due_at)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final StoreAccess access;
  private final Gathering<SmallMail> small = new Gathering<>(SMALL_MAILS, this::putSmall);

  /**
   * A store; the database is opened at the first call.
   *
   * @param retry from one attempt to reach a failing database to the next
   */
  JdbcDeferralStore(Database database, Duration retry) {
    this.access = new StoreAccess(database, "deferred mail", AT_ONCE, retry);
  }

  private <T> T read(Database.Work<T> work) throws DeferralStoreException {
    return ask(() -> access.read(work));
  }

  private <T> T write(Database.Work<T> work) throws DeferralStoreException {
    return ask(() -> access.write(work));
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws StoreException;
  }

  private static <T> T ask(Question<T> question) throws DeferralStoreException {
    try {
      return question.ask();
    } catch (StoreException e) {
      throw new DeferralStoreException(e.reason());
    }
  }

  @Override
  public void put(DeferredMail mail, Content content) throws DeferralStoreException {
    if (mail.envelope().getBytes(UTF_8).length > MAX_ENVELOPE) {
      throw new DeferralStoreException(
          "the envelope of " + mail.name() + " has more than " + MAX_ENVELOPE + " octets");
    }
    Optional<OnePart> part;
    try {
      part = OnePart.of(content);
    } catch (IOException e) {
      throw new DeferralStoreException(unreadable(mail, e));
    }
    if (part.isPresent()) {
      small.bring(new SmallMail(mail, part.get()));
    } else {
      putLarge(mail, content);
    }
  }

  private static String unreadable(DeferredMail mail, IOException e) {
    return "the content of " + mail.name() + " cannot be read: " + e;
  }

  private record SmallMail(DeferredMail mail, OnePart content) {

    int parts() {
      return content.size() == 0 ? 0 : 1;
    }
  }

  private void putSmall(List<SmallMail> mails) throws DeferralStoreException {
    int unused =
        writeInTime(
            decided -> {
              Database.Work<Integer> work =
                  connection -> {
                    insert(connection, mails);
                    decide(decided);
                    return mails.size();
                  };
              return work.inOneTransaction();
            });
  }

  /**
   * Whoever comes first: the commit, or the caller who gives up. Never both.
   *
   * @param work calls {@link #decide} with what it is given
   */
  private <T> T writeInTime(Function<AtomicBoolean, Database.Work<T>> work)
      throws DeferralStoreException {
    AtomicBoolean decided = new AtomicBoolean();
    try {
      return write(work.apply(decided));
    } finally {
      decided.set(true);
    }
  }

  /** To be called right before the commit. */
  private static void decide(AtomicBoolean decided) throws SQLException {
    if (!decided.compareAndSet(false, true)) {
      throw new SQLException("it took too long");
    }
  }

  private static void insert(Connection connection, List<SmallMail> mails) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT);
        PreparedStatement part = connection.prepareStatement(PartWriter.INSERT)) {
      for (SmallMail mail : mails) {
        set(insert, mail.mail(), mail.parts(), mail.content().size());
        insert.addBatch();
        if (mail.parts() > 0) {
          PartWriter.set(part, mail.mail().id(), 0, mail.content().toByteArray());
          part.addBatch();
        }
      }
      insert.executeBatch();
      part.executeBatch();
    }
  }

  private void putLarge(DeferredMail mail, Content content) throws DeferralStoreException {
    Optional<String> unreadable =
        writeInTime(decided -> connection -> put(connection, mail, content, decided));
    if (unreadable.isPresent()) {
      throw new DeferralStoreException(unreadable.get());
    }
  }

  /** All in one transaction; what is wrong with the content is not the database's fault. */
  private static Optional<String> put(
      Connection connection, DeferredMail mail, Content content, AtomicBoolean decided)
      throws SQLException {
    connection.setAutoCommit(false);
    boolean committed = false;
    try {
      insert(connection, mail);
      PartWriter parts = new PartWriter(connection, mail.id(), () -> !decided.get());
      try {
        content.writeTo(parts);
        parts.finish();
      } catch (IOException e) {
        if (parts.failure().isPresent()) {
          throw parts.failure().get();
        }
        return Optional.of(unreadable(mail, e));
      }
      note(connection, mail, parts);
      decide(decided);
      connection.commit();
      committed = true;
      return Optional.empty();
    } finally {
      if (!committed) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
  }

  private static void insert(Connection connection, DeferredMail mail) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      // How many parts there are shows when all are written.
      set(insert, mail, 0, 0);
      insert.executeUpdate();
    }
  }

  private static void set(PreparedStatement insert, DeferredMail mail, int parts, long octets)
      throws SQLException {
    insert.setString(1, mail.id());
    insert.setBytes(2, mail.name().getBytes(UTF_8));
    insert.setBytes(3, mail.queue().getBytes(UTF_8));
    insert.setString(4, mail.cause().domain());
    insert.setString(5, mail.cause().verdict());
    insert.setString(6, mail.cause().resultType());
    insert.setBytes(7, mail.cause().explanation().getBytes(UTF_8));
    insert.setBytes(8, mail.envelope().getBytes(UTF_8));
    insert.setInt(9, parts);
    insert.setLong(10, octets);
    insert.setObject(11, Times.utc(mail.deferredAt()));
    insert.setObject(12, Times.utc(mail.due()));
  }

  private static void note(Connection connection, DeferredMail mail, PartWriter parts)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE sts_deferred SET parts = ?, octets = ? WHERE id = ?")) {
      update.setInt(1, parts.parts());
      update.setLong(2, parts.octets());
      update.setString(3, mail.id());
      update.executeUpdate();
    }
  }

  @Override
  public List<ClaimedMail> claim(Instant now, Share share) throws DeferralStoreException {
    List<DeferredRows.Due> due = read(connection -> DeferredRows.find(connection, now, share));
    // Most of the time there is nothing to change, and a change waits for the disk.
    return due.isEmpty()
        ? List.of()
        : write(claiming(due, now.plus(share.lease())).inOneTransaction());
  }

  private static Database.Work<List<ClaimedMail>> claiming(
      List<DeferredRows.Due> due, Instant until) {
    return connection -> claim(connection, due, until);
  }

  private static List<ClaimedMail> claim(
      Connection connection, List<DeferredRows.Due> due, Instant until) throws SQLException {
    List<ClaimedMail> claimed = new ArrayList<>();
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE sts_deferred SET claim = ?, due_at = ? WHERE id = ? AND due_at = ?")) {
      for (DeferredRows.Due row : due) {
        String claim = UUID.randomUUID().toString();
        update.setString(1, claim);
        update.setObject(2, Times.utc(until));
        update.setString(3, row.mail().id());
        update.setObject(4, Times.utc(row.mail().due()));
        // None: somebody else was faster.
        if (update.executeUpdate() > 0) {
          claimed.add(new ClaimedMail(row.mail(), claim, row.parts()));
        }
      }
    }
    return claimed;
  }

  @Override
  public InputStream content(ClaimedMail mail) {
    return new PartReader(number -> part(mail.mail(), number), mail.parts());
  }

  private byte[] part(DeferredMail mail, int number) throws IOException {
    try {
      return read(connection -> part(connection, mail.id(), number))
          .orElseThrow(
              () -> new IOException("part " + number + " of " + mail.name() + " is not there"));
    } catch (DeferralStoreException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Optional<byte[]> part(Connection connection, String id, int number)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT octets FROM sts_deferred_part WHERE mail_id = ? AND part = ?")) {
      select.setString(1, id);
      select.setInt(2, number);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row.getBytes("octets")) : Optional.empty();
      }
    }
  }

  @Override
  public int delete(Collection<ClaimedMail> mails) throws DeferralStoreException {
    Database.Work<Integer> work = connection -> delete(connection, mails);
    return write(work.inOneTransaction());
  }

  private static int delete(Connection connection, Collection<ClaimedMail> mails)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM sts_deferred WHERE id = ? AND claim = ?")) {
      for (ClaimedMail mail : mails) {
        delete.setString(1, mail.mail().id());
        delete.setString(2, mail.claim());
        delete.addBatch();
      }
      return IntStream.of(delete.executeBatch()).sum();
    }
  }

  @Override
  public void release(ClaimedMail mail, Instant due) throws DeferralStoreException {
    var unused =
        write(
            connection -> {
              try (PreparedStatement update =
                  connection.prepareStatement(
                      "UPDATE sts_deferred SET claim = NULL, due_at = ? WHERE id = ?"
                          + " AND claim = ?")) {
                update.setObject(1, Times.utc(due));
                update.setString(2, mail.mail().id());
                update.setString(3, mail.claim());
                return update.executeUpdate();
              }
            });
  }

  @Override
  public Optional<Instant> nextDue() throws DeferralStoreException {
    return read(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT due_at FROM sts_deferred ORDER BY due_at LIMIT 1");
              ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(Times.read(row, "due_at")) : Optional.empty();
          }
        });
  }

  @Override
  public int flush(String domain, Collection<String> verdicts, Instant now, int limit)
      throws DeferralStoreException {
    return flush(ofDomain(verdicts), values(domain, verdicts), now, limit);
  }

  private static String ofDomain(Collection<String> verdicts) {
    String some = verdicts.isEmpty() ? "" : " AND verdict IN " + DeferredRows.list(verdicts.size());
    return "domain = ?" + some;
  }

  private static List<String> values(String domain, Collection<String> verdicts) {
    List<String> values = new ArrayList<>(List.of(domain));
    values.addAll(verdicts);
    return values;
  }

  @Override
  public Map<String, Integer> flush(
      Map<String, Integer> limits, Collection<String> verdicts, Instant now)
      throws DeferralStoreException {
    Map<String, Integer> flushed = new HashMap<>();
    // In one order, so that servers wait for each other, and not in a circle.
    List<Map.Entry<String, Integer>> all =
        limits.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    for (int begin = 0; begin < all.size(); begin += DOMAINS_AT_ONCE) {
      List<Map.Entry<String, Integer>> some =
          all.subList(begin, Math.min(begin + DOMAINS_AT_ONCE, all.size()));
      Database.Work<Map<String, Integer>> work =
          connection -> flush(connection, some, verdicts, now);
      flushed.putAll(write(work.inOneTransaction()));
    }
    return flushed;
  }

  private static Map<String, Integer> flush(
      Connection connection,
      List<Map.Entry<String, Integer>> limits,
      Collection<String> verdicts,
      Instant now)
      throws SQLException {
    Map<String, Integer> flushed = new HashMap<>();
    for (Map.Entry<String, Integer> one : limits) {
      int most = Math.min(one.getValue(), FLUSHED_AT_ONCE);
      List<String> ids =
          DeferredRows.later(
              connection, ofDomain(verdicts), values(one.getKey(), verdicts), now, most);
      flushed.put(one.getKey(), makeDue(connection, ids, now));
    }
    return flushed;
  }

  @Override
  public int flushAll(String verdict, Instant now, int limit) throws DeferralStoreException {
    return flush("verdict = ?", List.of(verdict), now, limit);
  }

  private int flush(String which, List<String> values, Instant now, int limit)
      throws DeferralStoreException {
    int flushed = 0;
    int some;
    do {
      int most = Math.min(limit - flushed, FLUSHED_AT_ONCE);
      Database.Work<Integer> work =
          connection ->
              makeDue(connection, DeferredRows.later(connection, which, values, now, most), now);
      some = write(work.inOneTransaction());
      flushed += some;
    } while (some > 0 && flushed < limit);
    return flushed;
  }

  private static int makeDue(Connection connection, List<String> ids, Instant now)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE sts_deferred SET due_at = ? WHERE id = ? AND claim IS NULL")) {
      for (String id : ids) {
        update.setObject(1, Times.utc(now));
        update.setString(2, id);
        update.addBatch();
      }
      return IntStream.of(update.executeBatch()).sum();
    }
  }

  @Override
  public List<DeferralCount> counts(DeferralReason reason, int offset, int limit)
      throws DeferralStoreException {
    return read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT domain, verdict, result_type, COUNT(*) AS mails,"
                      + " CAST(SUM(octets) AS BIGINT) AS octets, MIN(deferred_at) AS since,"
                      + " MIN(due_at) AS next FROM sts_deferred WHERE 1 = 1"
                      + DeferredRows.condition(reason)
                      + " GROUP BY domain, verdict, result_type"
                      + " ORDER BY domain, verdict, result_type LIMIT ? OFFSET ?")) {
            int next = DeferredRows.fill(select, 1, reason);
            select.setInt(next, limit);
            select.setInt(next + 1, offset);
            List<DeferralCount> counts = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                counts.add(
                    new DeferralCount(
                        row.getString("domain"),
                        row.getString("verdict"),
                        row.getString("result_type"),
                        row.getLong("mails"),
                        row.getLong("octets"),
                        Times.read(row, "since"),
                        Times.read(row, "next")));
              }
            }
            return counts;
          }
        });
  }

  @Override
  public List<DeferredMail> waitingFor(String domain, DeferralReason reason, int offset, int limit)
      throws DeferralStoreException {
    return read(connection -> DeferredRows.of(connection, domain, reason, offset, limit));
  }

  @Override
  public long size() throws DeferralStoreException {
    return read(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT COUNT(*) FROM sts_deferred");
              ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
          }
        });
  }

  @Override
  public Optional<String> trouble() {
    return access.trouble();
  }

  /** Ends its threads; the database is not its own. */
  @Override
  public void close() {
    access.close();
  }
}
