package org.jamessts.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.Slot;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The read of a policy from the store, when memory does not have it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ColdLookup {

  /** More than the database keeps pages of, as long as there are so many. */
  private static final int DOMAINS = 100_000;

  /** Of the embedded store. */
  @Param("")
  String directory = "";

  /** How many policies the store has at least. */
  @Param("1000")
  int policies;

  private Stores stores;
  private DomainName[] domains;
  private int next;

  /** Opens the store with no memory beside it. */
  @Setup
  public void open() {
    Clock clock = Clock.systemUTC();
    stores = new Stores(new EmbeddedDatabase(Path.of(directory), clock), 0, clock);
    domains =
        new Random(17)
            .ints(DOMAINS, 0, policies)
            .mapToObj(TypicalPolicies::domain)
            .toArray(DomainName[]::new);
  }

  /** One read. */
  @Benchmark
  public KnownPolicy get() {
    next = next + 1 == domains.length ? 0 : next + 1;
    Optional<KnownPolicy> found = stores.policies().get(Slot.MTA_STS, domains[next]);
    return found.orElseThrow();
  }
}
