package org.jamessts.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyPage;
import org.jamessts.policy.PolicyQuery;
import org.jamessts.policy.Slot;
import org.jamessts.policy.StoredPolicy;

/**
 * Walks over the tables of all kinds of policies together, in the order that the database gives
 * their domains. A walk looks at so many rows, and then says where to go on.
 */
final class PolicyPages {

  private static final int ROWS = 200;
  private static final int MAX_LOOKED_AT = 20_000;

  /** By weight, too: who chose the policies may have chosen long ones. */
  private static final int MAX_WEIGHT = 10_000;

  private static final String COLUMNS =
      "domain, id, body, fetched_at, expires_at, used_at, refresh_at";

  private PolicyPages() {}

  /** The policies of one domain, in the rows of the three tables; none where no row can be read. */
  private record OfDomain(String domain, List<StoredPolicy> policies) {}

  static PolicyPage find(Connection connection, PolicyQuery query) throws SQLException {
    List<StoredPolicy> found = new ArrayList<>();
    String last = query.after().map(DomainName::value).orElse("");
    // The last row may be one that nobody can read: the next page looks at it again.
    Optional<DomainName> next = query.after();
    int lookedAt = 0;
    int domains = 0;
    int weight = 0;
    while (true) {
      List<OfDomain> some = some(connection, query, last);
      for (OfDomain one : some) {
        List<StoredPolicy> wanted = one.policies().stream().filter(query::wants).toList();
        if (!wanted.isEmpty()) {
          if (domains == query.domains() || weight >= MAX_WEIGHT) {
            return new PolicyPage(found, next);
          }
          domains++;
          weight += wanted.stream().mapToInt(stored -> stored.policy().weight()).sum();
          found.addAll(wanted);
        }
        last = one.domain();
        if (!one.policies().isEmpty()) {
          next = Optional.of(one.policies().get(0).policy().domain());
        }
      }
      lookedAt += some.size();
      if (some.isEmpty()) {
        return new PolicyPage(found, Optional.empty());
      }
      if (lookedAt >= MAX_LOOKED_AT) {
        return new PolicyPage(found, next);
      }
    }
  }

  /** The next domains; the last of them whole, however many rows there are. */
  private static List<OfDomain> some(Connection connection, PolicyQuery query, String after)
      throws SQLException {
    List<OfDomain> domains = new ArrayList<>();
    int rows = 0;
    try (PreparedStatement select = connection.prepareStatement(sql(query, "domain > ?"))) {
      int next = 1;
      for (int i = 0; i < query.slots().size(); i++) {
        next = fill(select, next, query, after);
        select.setInt(next++, ROWS);
      }
      select.setInt(next, ROWS);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows++;
          String domain = row.getString("domain");
          if (domains.isEmpty() || !domains.get(domains.size() - 1).domain().equals(domain)) {
            domains.add(new OfDomain(domain, new ArrayList<>()));
          }
          read(row).ifPresent(domains.get(domains.size() - 1).policies()::add);
        }
      }
    }
    if (rows == ROWS) {
      domains.remove(domains.size() - 1);
    }
    return domains;
  }

  /** All policies of one domain. */
  static List<StoredPolicy> of(Connection connection, DomainName domain) throws SQLException {
    PolicyQuery query = PolicyQuery.first(1);
    List<StoredPolicy> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql(query, "domain = ?"))) {
      int next = 1;
      for (int i = 0; i < query.slots().size(); i++) {
        next = fill(select, next, query, domain.value());
        select.setInt(next++, 1);
      }
      select.setInt(next, query.slots().size());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          read(row).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private static String sql(PolicyQuery query, String which) {
    String conditions =
        which
            + (query.expiringBefore().isPresent() ? " AND expires_at < ?" : "")
            + (query.usedSince().isPresent() ? " AND used_at >= ?" : "");
    return query.slots().stream()
        .map(
            slot ->
                "(SELECT CAST('%s' AS VARCHAR(20)) AS slot, %s FROM %s WHERE %s ORDER BY domain LIMIT ?)"
                    .formatted(slot.keyword(), COLUMNS, PolicyTable.of(slot).sqlName(), conditions))
        .collect(
            Collectors.joining(
                " UNION ALL ",
                "SELECT slot, " + COLUMNS + " FROM (",
                ") AS kept ORDER BY domain, slot LIMIT ?"));
  }

  private static int fill(PreparedStatement select, int first, PolicyQuery query, String domain)
      throws SQLException {
    int next = first;
    select.setString(next++, domain);
    if (query.expiringBefore().isPresent()) {
      select.setObject(next++, Times.utc(query.expiringBefore().get()));
    }
    if (query.usedSince().isPresent()) {
      select.setObject(next++, Times.utc(query.usedSince().get()));
    }
    return next;
  }

  private static Optional<StoredPolicy> read(ResultSet row) throws SQLException {
    Slot slot = Slot.ofKeyword(row.getString("slot")).orElseThrow();
    Optional<KnownPolicy> policy = PolicyTable.of(slot).read(row);
    if (policy.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> refreshAt =
        Optional.ofNullable(row.getObject("refresh_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant);
    return Optional.of(
        new StoredPolicy(policy.get(), Optional.of(Times.read(row, "used_at")), refreshAt));
  }
}
