package org.jamessts.bench;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jamessts.decide.Channel;
import org.jamessts.decide.DaneRequirement;
import org.jamessts.decide.Verdict;
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

/**
 * The judgement of a session by a TLSA record: as often as mail goes over it, or the first time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 5, time = 1)
public class JudgeSession {

  private static final int WARM_UP = 300_000;

  /** The certificate usage of the record (RFC 7218 §2.1). */
  @Param("3")
  int usage;

  /**
   * Whether nobody has judged the session before. The certificates are known all the same: the JDK
   * does not verify a signature of theirs twice.
   */
  @Param("false")
  boolean first;

  private final Instant now = Instant.now();
  private final RecordedSession session = new RecordedSession();
  private DaneRequirement requirement;
  private Channel recorded;

  /** Records the session. */
  @Setup
  public void record() {
    requirement = session.requirement(usage);
    recorded = session.recorded();
    for (int i = 0; i < WARM_UP; i++) {
      var unused = judge();
    }
  }

  /** One judgement. */
  @Benchmark
  public Verdict judge() {
    return RecordedSession.judge(requirement, first ? session.fresh() : recorded, now);
  }
}
