package org.jamessts.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets Jazzer search each target for a time, in a process of its own: its agent rewrites classes,
 * which no other test should see. For the Maven profile {@code fuzz}, which sets the properties.
 * What is left behind stands in {@code target/fuzz}, a directory for each target: the log, inputs
 * that reached something new ({@code corpus}), and the finding, if there is one.
 */
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FuzzingContract {

  private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";

  /** A parser that hangs; the first input waits for the classes to be rewritten. */
  private static final int SECONDS_FOR_ONE_INPUT = 60;

  private static final int LONGEST_INPUT = 4096;
  private static final int SHOWN_LINES = 40;

  /** Those of the module. */
  abstract FuzzTarget[] targets();

  @ParameterizedTest
  @MethodSource("targets")
  void propertiesShouldHoldForWhateverIsFound(FuzzTarget target) throws Exception {
    Path place = Path.of("target", "fuzz", target.directory()).toAbsolutePath();
    Files.createDirectories(place.resolve("corpus"));
    Path log = place.resolve("log");
    int exit =
        new ProcessBuilder(command(target, place))
            .directory(place.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    assertThat(exit)
        .as("Jazzer on %s; the finding is in %s:%n%s", target, place, finding(log))
        .isZero();
    System.out.println(target.directory() + ": " + progress(log));
  }

  private static List<String> command(FuzzTarget target, Path place) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx1g",
        "-XX:+UseSerialGC",
        // Jazzer attaches itself to its own process.
        "-XX:+EnableDynamicAgentLoading",
        "-cp",
        System.getProperty("java.class.path"),
        JAZZER,
        "--target_class=" + target.entry().getName(),
        "--instrumentation_includes=org.jamessts.**:com.fasterxml.jackson.core.**:org.xbill.DNS.**",
        "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
        "--reproducer_path=" + place,
        "-artifact_prefix=" + place + File.separator,
        "-dict=" + Corpus.dictionary(target),
        "-max_total_time=" + Integer.getInteger("sts.fuzz.seconds", 60),
        "-timeout=" + SECONDS_FOR_ONE_INPUT,
        "-max_len=" + LONGEST_INPUT,
        "-use_value_profile=1",
        "-print_final_stats=1",
        // The first directory receives what is new, the second is only read.
        place.resolve("corpus").toString(),
        Corpus.directory(target).toString());
  }

  private static String finding(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log, ISO_8859_1)) {
      return lines
          .dropWhile(line -> !line.startsWith("== ") && !line.contains("ERROR"))
          .limit(SHOWN_LINES)
          .collect(Collectors.joining("\n"));
    }
  }

  /** The last line in which the fuzzer tells how far it came. */
  private static String progress(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log, ISO_8859_1)) {
      return lines.filter(line -> line.contains(" cov: ")).reduce("", (first, last) -> last);
    }
  }
}
