package org.jamessts.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.DomainPolicy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The lookup of a domain to which mail went a short while ago: what nearly every mail costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HotLookup {

  /** Of the embedded store. */
  @Param("")
  String directory = "";

  /** How many domains mail went to, in turn. */
  @Param("1000")
  int remembered;

  /** How many overrides the operator's file has, none of which is about these domains. */
  @Param("0")
  int overrides;

  private OpenService open;
  private DomainName[] domains;
  private int next;

  /** Opens the store and has every domain remembered. */
  @Setup
  public void open() throws IOException {
    open = OpenService.open(Path.of(directory), overrideFile());
    domains = new DomainName[remembered];
    for (int i = 0; i < remembered; i++) {
      open.lookup(TypicalPolicies.domain(i));
      domains[i] = TypicalPolicies.domain(i);
    }
  }

  private Optional<Path> overrideFile() throws IOException {
    if (overrides == 0) {
      return Optional.empty();
    }
    Path file = Files.createTempFile(Path.of(directory), "overrides", ".json");
    file.toFile().deleteOnExit();
    String entries =
        IntStream.range(0, overrides)
            .mapToObj(i -> (i % 2 == 0 ? "" : "*.") + "partner" + i + ".example")
            .map("{\"domain\": \"%s\", \"minimum\": \"verified\"}"::formatted)
            .collect(Collectors.joining(",\n"));
    return Optional.of(Files.writeString(file, "{\"overrides\": [" + entries + "]}"));
  }

  /** One lookup. */
  @Benchmark
  public DomainPolicy lookup() {
    next = next + 1 == domains.length ? 0 : next + 1;
    return open.service().lookup(domains[next]);
  }

  /** Nothing of what was measured may have gone further than memory. */
  @TearDown
  public void close() {
    if (open.dns().questions() != remembered) {
      throw new IllegalStateException("some lookups were not answered from memory");
    }
    open.service().close();
  }
}
