package org.jamessts.bench;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jamessts.bench.Figure.Unit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs a benchmark of JMH in a new JVM. */
final class Jmh {

  private Jmh() {}

  /**
   * Runs it.
   *
   * @param benchmark a class with one method to measure
   * @param parameters for its fields
   * @return of each iteration the average or, where each call is timed, the median
   */
  static List<Double> nanos(Class<?> benchmark, Map<String, ?> parameters) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(benchmark.getName() + "."))
            .forks(1)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    parameters.forEach((name, value) -> options.param(name, value.toString()));
    RunResult run = new Runner(options.build()).runSingle();
    Mode mode = run.getParams().getMode();
    return run.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .map(IterationResult::getPrimaryResult)
        .map(result -> mode == Mode.SampleTime ? median(result) : result.getScore())
        .toList();
  }

  private static double median(Result<?> result) {
    return result.getStatistics().getPercentile(50);
  }

  static Figure time(List<Double> nanos) {
    return new Figure(Unit.TIME, nanos);
  }
}
