package org.jamessts.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jamessts.policy.PolicyLookup;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The start, in a JVM that has loaded nothing yet: stores, overrides and service are made, and the
 * first lookup is answered. The file is as James leaves it, which never closes it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class FirstLookup {

  /** Of the embedded store. */
  @Param("")
  String directory = "";

  /** One start. */
  @Benchmark
  public PolicyLookup openAndLookUp() {
    return OpenService.open(Path.of(directory), Optional.empty())
        .lookup(TypicalPolicies.domain(17));
  }
}
