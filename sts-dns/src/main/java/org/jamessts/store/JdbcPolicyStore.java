package org.jamessts.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.MemoryPolicyStore;
import org.jamessts.policy.PolicyStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps policies in a database, without a bound on their number, and those in use also in memory.
 *
 * <p>While the database works, {@link #put} returns when the policy is committed, and memory gives
 * up what has not been used for long. When it fails or does not answer in time, callers do not wait
 * for it any more: what memory holds goes on to hold, what comes new is kept in memory until there
 * is no more room, and then refused. A thread of the store tries every few seconds whether the
 * database is back, and then writes what is not there yet. What only the database knew is not known
 * while it fails.
 */
public final class JdbcPolicyStore implements PolicyStore, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JdbcPolicyStore.class);

  private static final int MAX_KNOWN = 10_000;

  private static final int PAGE = 200;
  private static final int MAX_DELETED = 1_000;
  private static final int MAX_ATTEMPTS = 10;
  private static final Duration BETWEEN_DELETIONS = Duration.ofMinutes(10);

  /**
   * How patient the store is.
   *
   * @param opening how long the first calls wait, since a large file takes its time after a crash
   * @param call how long all others wait
   * @param retry from one attempt to reach a failing database to the next
   */
  record Patience(Duration opening, Duration call, Duration retry) {
    static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5));
  }

  private final Database database;
  private final BoundedCalls calls;
  private final Clock clock;
  private final Patience patience;
  private final StoreHealth reading = new StoreHealth("read from the store");
  private final StoreHealth writing = new StoreHealth("written to the store");
  private final Cache<DomainName, KnownPolicy> hot;
  private final MemoryPolicyStore unsaved;
  private final ScheduledExecutorService timer;
  private Optional<String> lastDamage = Optional.empty();
  private volatile boolean opened;

  /**
   * A store; the database is opened at the first call.
   *
   * @param database which is closed with the store
   * @param memory how many ordinary policies are kept in memory because they were used, and as many
   *     again because the database fails; {@link KnownPolicy#weight} tells how large ones count
   * @param clock tells which policies have expired
   */
  public JdbcPolicyStore(Database database, int memory, Clock clock) {
    this(database, memory, clock, Patience.DEFAULT);
  }

  JdbcPolicyStore(Database database, int memory, Clock clock, Patience patience) {
    this.database = database;
    this.calls = new BoundedCalls(database);
    this.clock = clock;
    this.patience = patience;
    this.hot =
        Caffeine.newBuilder()
            .maximumWeight(memory)
            .weigher((DomainName domain, KnownPolicy policy) -> policy.weight())
            .executor(Runnable::run)
            .build();
    this.unsaved = new MemoryPolicyStore(memory, clock);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> BoundedCalls.daemon(task, "sts-store-retry"));
    every(patience.retry(), this::retry);
    every(BETWEEN_DELETIONS, this::deleteExpired);
  }

  private void every(Duration time, Runnable task) {
    var unused =
        timer.scheduleWithFixedDelay(task, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public Optional<KnownPolicy> get(DomainName domain) {
    Optional<KnownPolicy> remembered = remembered(domain);
    if (remembered.filter(policy -> policy.holdsAt(clock.instant())).isPresent()) {
      return remembered;
    }
    // Another server on the same database may have fetched it since.
    Optional<KnownPolicy> stored =
        ask(reading, connection -> PolicyTable.find(connection, domain)).flatMap(found -> found);
    stored.ifPresent(this::remember);
    return stored.isPresent() ? remembered(domain).or(() -> stored) : remembered;
  }

  @Override
  public boolean put(KnownPolicy policy) {
    if (ask(writing, saving(policy)).isPresent()) {
      remember(policy);
      return true;
    }
    return unsaved.put(policy);
  }

  private static Database.Work<Boolean> saving(KnownPolicy policy) {
    return connection -> {
      PolicyTable.save(connection, policy);
      return true;
    };
  }

  /**
   * At most 10,000 policies of ordinary length, the first in the order of their domains; while the
   * database fails, those in memory.
   */
  @Override
  public Collection<KnownPolicy> known() {
    Map<DomainName, KnownPolicy> all = new TreeMap<>();
    // In pages, and by weight: who chose the policies may have chosen long ones.
    int weight = 0;
    String last = "";
    boolean more = true;
    while (more && weight < MAX_KNOWN) {
      String from = last;
      List<KnownPolicy> page =
          ask(reading, connection -> PolicyTable.after(connection, from, PAGE))
              .orElseGet(() -> List.copyOf(hot.asMap().values()));
      for (KnownPolicy policy : page) {
        all.put(policy.domain(), policy);
        weight += policy.weight();
        last = policy.domain().value();
      }
      more = !page.isEmpty() && !reading.isDown();
    }
    unsaved.known().forEach(policy -> all.merge(policy.domain(), policy, JdbcPolicyStore::newer));
    return all.values().stream().limit(MAX_KNOWN).toList();
  }

  @Override
  public boolean isFull() {
    return writing.isDown() && unsaved.isFull();
  }

  @Override
  public Optional<String> trouble() {
    return reading.trouble().or(writing::trouble).or(database::damage);
  }

  /** How many calls to the database failed since the start. */
  public long failures() {
    return reading.failures() + writing.failures();
  }

  private Optional<KnownPolicy> remembered(DomainName domain) {
    Optional<KnownPolicy> used = Optional.ofNullable(hot.getIfPresent(domain));
    Optional<KnownPolicy> waiting = unsaved.get(domain);
    return used.isPresent() && waiting.isPresent()
        ? Optional.of(newer(used.get(), waiting.get()))
        : used.or(() -> waiting);
  }

  private void remember(KnownPolicy policy) {
    hot.asMap().merge(policy.domain(), policy, JdbcPolicyStore::newer);
  }

  private static KnownPolicy newer(KnownPolicy first, KnownPolicy second) {
    return second.fetchedAt().isBefore(first.fetchedAt()) ? first : second;
  }

  /** Asks the database, unless it is known to fail. */
  private <T> Optional<T> ask(StoreHealth health, Database.Work<T> work) {
    if (health.isDown()) {
      return Optional.empty();
    }
    try {
      return Optional.of(call(work));
    } catch (StoreException e) {
      health.failed(e);
      return Optional.empty();
    }
  }

  private <T> T call(Database.Work<T> work) throws StoreException {
    T result = calls.call(work, opened ? patience.call() : patience.opening());
    opened = true;
    return result;
  }

  /** Tries a failing database again, and writes what it missed. */
  private void retry() {
    try {
      if (reading.isDown()) {
        probe();
        reading.works();
      }
      if (!database.damage().equals(lastDamage)) {
        // The new file has nothing of what the old one had.
        hot.asMap().values().forEach(unsaved::put);
        lastDamage = database.damage();
      }
      writeUnsaved();
    } catch (StoreException e) {
      LOG.debug("the policy store still fails: {}", e.reason());
    } catch (RuntimeException e) {
      // An exception that leaves here would end the retries for good.
      LOG.error("the policy store was not tried again", e);
    }
  }

  private void probe() throws StoreException {
    call(connection -> PolicyTable.after(connection, "", 1));
  }

  /** A policy that cannot be written, for whatever reason, is not in the way of the others. */
  private void writeUnsaved() throws StoreException {
    Collection<KnownPolicy> waiting = unsaved.known();
    int written = 0;
    int attempts = 0;
    for (KnownPolicy policy : waiting) {
      if (written == 0 && attempts++ == MAX_ATTEMPTS) {
        return;
      }
      try {
        call(saving(policy));
        remember(policy);
        unsaved.remove(policy);
        written++;
      } catch (StoreException e) {
        probe();
      }
    }
    if (written > 0 || waiting.isEmpty()) {
      writing.works();
    }
  }

  /** Whether the database has it; for tests. */
  boolean isSaved(KnownPolicy policy) {
    return ask(reading, connection -> PolicyTable.find(connection, policy.domain()))
        .flatMap(found -> found)
        .equals(Optional.of(policy));
  }

  /** Some rows at a time: it must cost mail nothing. */
  void deleteExpired() {
    if (opened) {
      Database.Work<Integer> deletion =
          connection -> PolicyTable.deleteExpired(connection, clock.instant(), MAX_DELETED);
      while (ask(writing, deletion).orElse(0) == MAX_DELETED) {
        LOG.debug("{} expired policies were deleted", MAX_DELETED);
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    calls.close();
    database.close();
  }
}
