package org.jamessts.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the corpus of a module. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CorpusContract {

  private static final long MOST_OCTETS = 300_000;
  private static final long LONGEST_FILE = 65_536;
  private static final long MOST_FILES = 600;

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("corpus")
  @Timeout(10)
  void propertiesShouldHoldForEachInput(FuzzTarget target, String name, byte[] input) {
    target.reads(input);
  }

  /** Whatever is promised of values alone would hold for a parser that refuses everything. */
  @ParameterizedTest
  @MethodSource("targets")
  void corpusShouldHaveInputsThatAreReadAndInputsThatAreNot(FuzzTarget target) throws IOException {
    List<Path> files = Corpus.of(target);
    long read = 0;
    for (Path file : files) {
      read += target.reads(Files.readAllBytes(file)) ? 1 : 0;
    }
    assertThat(read).isBetween(8L, files.size() - 8L);
  }

  @Test
  void corpusShouldStaySmall() throws IOException {
    long octets = 0;
    long count = 0;
    for (FuzzTarget target : targets()) {
      for (Path file : Corpus.of(target)) {
        assertThat(Files.size(file)).as(file.toString()).isLessThanOrEqualTo(LONGEST_FILE);
        octets += Files.size(file);
        count++;
      }
    }
    assertThat(octets).isLessThan(MOST_OCTETS);
    assertThat(count).isLessThan(MOST_FILES);
  }

  /** Those of the module. */
  abstract FuzzTarget[] targets();

  Stream<Arguments> corpus() {
    return Arrays.stream(targets()).flatMap(CorpusContract::inputs);
  }

  private static Stream<Arguments> inputs(FuzzTarget target) {
    try {
      List<Path> files = Corpus.of(target);
      Stream.Builder<Arguments> inputs = Stream.builder();
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        inputs.add(arguments(target, name, Files.readAllBytes(file)));
      }
      return inputs.build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
