package org.jamessts.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PastPolicy;
import org.jamessts.policy.PolicyPage;
import org.jamessts.policy.PolicyQuery;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.Slot;
import org.jamessts.policy.StoredPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps policies in a database, without a bound on their number, and those in use also in memory.
 *
 * <p>While the database works, it is asked, and {@link #put} returns when the policy is committed;
 * memory follows, and gives up what has not been used for long. When it fails or does not answer in
 * time, callers do not wait for it any more: what memory holds goes on to hold, what comes new is
 * kept in memory until there is no more room, and then refused. {@link #recover}, called every few
 * seconds, tries whether the database is back, and then writes what is not there yet. What only the
 * database knew is not known while it fails.
 */
final class JdbcPolicyStore implements PolicyStore {

  private static final Logger LOG = LoggerFactory.getLogger(JdbcPolicyStore.class);

  private static final int MAX_DELETED = 1_000;
  private static final int MAX_ATTEMPTS = 10;

  private final StoreCalls calls;
  private final Clock clock;
  private final Guards guards;
  private final Cache<PolicyKey, KnownPolicy> hot;
  private final UnsavedPolicies unsaved;
  private Optional<String> lastDamage = Optional.empty();

  /**
   * A store; the database is opened at the first call.
   *
   * @param memory how many ordinary policies are kept in memory because they were used, and as many
   *     again because the database fails, twice if their domains were known before; {@link
   *     KnownPolicy#weight} tells how large ones count
   * @param clock tells which policies have expired
   */
  JdbcPolicyStore(StoreCalls calls, int memory, Clock clock, Guards guards) {
    this.calls = calls;
    this.clock = clock;
    this.guards = guards;
    this.hot =
        Caffeine.newBuilder()
            .maximumWeight(memory)
            .weigher((PolicyKey key, KnownPolicy policy) -> policy.weight())
            .executor(Runnable::run)
            .build();
    this.unsaved = new UnsavedPolicies(memory, clock, guards);
  }

  /** From the database while it works: another server may have fetched a policy since. */
  @Override
  public Optional<KnownPolicy> get(Slot slot, DomainName domain) {
    PolicyKey key = new PolicyKey(slot, domain);
    Optional<Optional<KnownPolicy>> answer =
        calls.read(connection -> PolicyTable.of(slot).find(connection, domain));
    if (answer.isEmpty()) {
      return guards.stand(Guard.MEMORY_HOLDS_WHEN_STORE_FAILS) ? remembered(key) : Optional.empty();
    }
    Optional<KnownPolicy> stored = answer.get();
    stored.ifPresent(this::remember);
    Optional<KnownPolicy> waiting = unsaved.get(key);
    return stored.isPresent() && waiting.isPresent()
        ? Optional.of(newer(stored.get(), waiting.get()))
        : stored.or(() -> waiting);
  }

  @Override
  public boolean canTell() {
    return !calls.reading().isDown();
  }

  @Override
  public boolean put(KnownPolicy policy) {
    if (calls.write(saving(policy)).isPresent()) {
      remember(policy);
      return true;
    }
    return unsaved.put(policy, get(policy.slot(), policy.domain()).isPresent());
  }

  private Database.Work<Boolean> saving(KnownPolicy policy) {
    return connection -> {
      PolicyTable.save(connection, policy, guards);
      return true;
    };
  }

  @Override
  public boolean remove(KnownPolicy policy) {
    hot.asMap().remove(PolicyKey.of(policy), policy);
    unsaved.remove(policy);
    return calls.write(connection -> PolicyTable.delete(connection, policy)).isPresent();
  }

  /** The database first: as long as that has them, memory does not help to be rid of them. */
  @Override
  public Optional<Long> removeAll(Instant fetchedUntil) {
    long all = 0;
    for (PolicyTable table : PolicyTable.all()) {
      Database.Work<Integer> deletion =
          connection -> table.deleteFetchedUntil(connection, fetchedUntil, MAX_DELETED);
      int some;
      do {
        Optional<Integer> deleted = calls.writeAside(deletion);
        if (deleted.isEmpty()) {
          return Optional.empty();
        }
        some = deleted.get();
        all += some;
      } while (some > 0);
    }
    hot.asMap().values().removeIf(policy -> !policy.fetchedAt().isAfter(fetchedUntil));
    unsaved.removeAll(fetchedUntil);
    return Optional.of(all);
  }

  /** From memory while the database fails. */
  @Override
  public PolicyPage find(PolicyQuery query) {
    return calls
        .readAside(connection -> PolicyPages.find(connection, query))
        .map(page -> withUnsaved(page, query))
        .orElseGet(() -> page(inMemory(), query));
  }

  /** With what waits for the database to take it, where its domain belongs on the page. */
  private PolicyPage withUnsaved(PolicyPage page, PolicyQuery query) {
    Collection<KnownPolicy> waiting = unsaved.all();
    if (waiting.isEmpty()) {
      return page;
    }
    Map<PolicyKey, StoredPolicy> merged = byKey();
    page.policies().forEach(stored -> merge(merged, stored));
    waiting.stream()
        .map(StoredPolicy::inMemory)
        .filter(stored -> isOn(page, query, stored.policy().domain()))
        .forEach(stored -> merge(merged, stored));
    List<StoredPolicy> wanted = merged.values().stream().filter(query::wants).toList();
    return new PolicyPage(wanted, page.next());
  }

  private static boolean isOn(PolicyPage page, PolicyQuery query, DomainName domain) {
    return query.after().map(after -> domain.compareTo(after) > 0).orElse(true)
        && page.next().map(next -> domain.compareTo(next) <= 0).orElse(true);
  }

  private Map<PolicyKey, StoredPolicy> inMemory() {
    Map<PolicyKey, StoredPolicy> all = byKey();
    hot.asMap().values().forEach(policy -> merge(all, StoredPolicy.inMemory(policy)));
    unsaved.all().forEach(policy -> merge(all, StoredPolicy.inMemory(policy)));
    return all;
  }

  private static Map<PolicyKey, StoredPolicy> byKey() {
    return new TreeMap<>(Comparator.comparing(PolicyKey::domain).thenComparing(PolicyKey::slot));
  }

  private void merge(Map<PolicyKey, StoredPolicy> all, StoredPolicy one) {
    all.merge(
        PolicyKey.of(one.policy()),
        one,
        (first, second) ->
            newer(first.policy(), second.policy()) == first.policy() ? first : second);
  }

  private static PolicyPage page(Map<PolicyKey, StoredPolicy> all, PolicyQuery query) {
    List<StoredPolicy> behind =
        all.values().stream()
            .filter(query::wants)
            .filter(
                stored ->
                    query
                        .after()
                        .map(after -> stored.policy().domain().compareTo(after) > 0)
                        .orElse(true))
            .toList();
    List<DomainName> domains =
        behind.stream().map(stored -> stored.policy().domain()).distinct().toList();
    if (domains.size() <= query.domains()) {
      return new PolicyPage(behind, Optional.empty());
    }
    DomainName last = domains.get(query.domains() - 1);
    return new PolicyPage(
        behind.stream().filter(stored -> stored.policy().domain().compareTo(last) <= 0).toList(),
        Optional.of(last));
  }

  @Override
  public List<StoredPolicy> of(DomainName domain) {
    Map<PolicyKey, StoredPolicy> all = byKey();
    Optional<List<StoredPolicy>> rows =
        calls.readAside(connection -> PolicyPages.of(connection, domain));
    rows.orElse(List.of()).forEach(stored -> merge(all, stored));
    for (Slot slot : Slot.values()) {
      PolicyKey key = new PolicyKey(slot, domain);
      (rows.isPresent() ? unsaved.get(key) : remembered(key))
          .ifPresent(policy -> merge(all, StoredPolicy.inMemory(policy)));
    }
    return List.copyOf(all.values());
  }

  @Override
  public Optional<List<PastPolicy>> history(DomainName domain) {
    return calls.readAside(connection -> PolicyHistoryTable.of(connection, domain));
  }

  @Override
  public boolean isFull() {
    return calls.writing().isDown() && unsaved.isFull();
  }

  @Override
  public Optional<String> trouble() {
    return calls.trouble();
  }

  private Optional<KnownPolicy> remembered(PolicyKey key) {
    Optional<KnownPolicy> used = Optional.ofNullable(hot.getIfPresent(key));
    Optional<KnownPolicy> waiting = unsaved.get(key);
    return used.isPresent() && waiting.isPresent()
        ? Optional.of(newer(used.get(), waiting.get()))
        : used.or(() -> waiting);
  }

  private void remember(KnownPolicy policy) {
    hot.asMap().merge(PolicyKey.of(policy), policy, this::newer);
  }

  private KnownPolicy newer(KnownPolicy first, KnownPolicy second) {
    return second.fetchedAt().isBefore(first.fetchedAt()) && guards.stand(Guard.NEWEST_FETCH_WINS)
        ? first
        : second;
  }

  /** Tries a failing database again, and writes what it missed. */
  void recover() throws StoreException {
    if (calls.reading().isDown()) {
      probe();
      calls.reading().works();
    }
    Optional<String> damage = calls.database().damage();
    if (!damage.equals(lastDamage)) {
      // The new file has nothing of what the old one had.
      hot.asMap().values().forEach(policy -> unsaved.put(policy, true));
      lastDamage = damage;
    }
    writeUnsaved();
  }

  private void probe() throws StoreException {
    calls.tryRead(connection -> PolicyTable.MTA_STS.after(connection, "", 1));
  }

  /** A change of nothing: what is read-only refuses even that. */
  private void probeWriting() throws StoreException {
    calls.tryWrite(
        connection -> {
          try (PreparedStatement nothing =
              connection.prepareStatement("DELETE FROM sts_policy WHERE domain = ''")) {
            return nothing.executeUpdate();
          }
        });
  }

  /** A policy that cannot be written, for whatever reason, is not in the way of the others. */
  private void writeUnsaved() throws StoreException {
    Collection<KnownPolicy> waiting = unsaved.all();
    int written = 0;
    int attempts = 0;
    for (KnownPolicy policy : waiting) {
      if (written == 0 && attempts++ == MAX_ATTEMPTS) {
        return;
      }
      try {
        calls.tryWrite(saving(policy));
        remember(policy);
        unsaved.remove(policy);
        written++;
      } catch (StoreException e) {
        probe();
      }
    }
    if (calls.writing().isDown() && (written > 0 || waiting.isEmpty())) {
      probeWriting();
      calls.writing().works();
    }
  }

  /** Whether the database has it; for tests. */
  boolean isSaved(KnownPolicy policy) {
    return calls
        .read(connection -> PolicyTable.of(policy.slot()).find(connection, policy.domain()))
        .flatMap(found -> found)
        .equals(Optional.of(policy));
  }

  /**
   * Deletes what gave way to others, but for the latest.
   *
   * @param kept how many of those
   */
  void pruneHistory(int kept) {
    calls.writeAside(connection -> PolicyHistoryTable.prune(connection, kept));
  }

  /** Some rows at a time: it must cost mail nothing. */
  void deleteExpired() {
    for (PolicyTable table : PolicyTable.all()) {
      Database.Work<Integer> deletion =
          connection -> table.deleteExpired(connection, clock.instant(), MAX_DELETED);
      while (calls.writeAside(deletion).orElse(0) == MAX_DELETED) {
        LOG.debug("{} expired policies were deleted", MAX_DELETED);
      }
    }
  }
}
