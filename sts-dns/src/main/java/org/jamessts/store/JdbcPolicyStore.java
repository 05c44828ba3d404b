package org.jamessts.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.util.ArrayList;
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
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.Slot;
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

  private static final int MAX_KNOWN = 10_000;
  private static final int PAGE = 200;
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
  public void remove(KnownPolicy policy) {
    hot.asMap().remove(PolicyKey.of(policy), policy);
    unsaved.remove(policy);
    calls.write(connection -> PolicyTable.delete(connection, policy));
  }

  /**
   * At most 10,000 policies of ordinary length of each kind, the first in the order of their
   * domains; while the database fails, those in memory.
   */
  @Override
  public Collection<KnownPolicy> known() {
    List<KnownPolicy> all = new ArrayList<>();
    for (PolicyTable table : PolicyTable.all()) {
      all.addAll(known(table));
    }
    Map<PolicyKey, KnownPolicy> newest =
        new TreeMap<>(Comparator.comparing(PolicyKey::domain).thenComparing(PolicyKey::slot));
    if (calls.reading().isDown()) {
      all.addAll(hot.asMap().values());
    }
    all.addAll(unsaved.all());
    all.forEach(policy -> newest.merge(PolicyKey.of(policy), policy, this::newer));
    return newest.values().stream().limit(MAX_KNOWN).toList();
  }

  /** In pages, and by weight: who chose the policies may have chosen long ones. */
  private List<KnownPolicy> known(PolicyTable table) {
    List<KnownPolicy> found = new ArrayList<>();
    int weight = 0;
    String last = "";
    boolean more = true;
    while (more && weight < MAX_KNOWN) {
      String from = last;
      List<KnownPolicy> page =
          calls.readAside(connection -> table.after(connection, from, PAGE)).orElse(List.of());
      for (KnownPolicy policy : page) {
        found.add(policy);
        weight += policy.weight();
        last = policy.domain().value();
      }
      more = !page.isEmpty();
    }
    return found;
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
