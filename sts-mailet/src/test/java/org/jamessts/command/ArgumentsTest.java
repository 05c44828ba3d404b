package org.jamessts.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jamessts.command.Arguments.Command;
import org.jamessts.command.Arguments.MisusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

  @Test
  void optionsMayStandAnywhere() throws Exception {
    assertThat(
            Arguments.parse(
                "--json",
                "explain",
                "--webadmin",
                "http://[::1]:8000/",
                "example.test",
                "--token-file",
                "token",
                "--connect"))
        .isEqualTo(
            new Arguments(
                Command.EXPLAIN,
                "example.test",
                true,
                true,
                Optional.of(URI.create("http://[::1]:8000")),
                Optional.of(Path.of("token"))));
    assertThat(Arguments.parse("report", "a file"))
        .isEqualTo(
            new Arguments(
                Command.REPORT, "a file", false, false, Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "'', no command",
    "explain, nothing to look at",
    "look example.test, unknown command look",
    "explain example.test --fast, unknown option --fast",
    "explain a.test b.test, one word too many: b.test",
    "policy a.test --connect, --connect goes with explain",
    "report file --json, report knows no options",
    "explain a.test --webadmin, --webadmin wants a value",
    "explain a.test --webadmin localhost:8000, allowed is a URL such as http://127.0.0.1:8000",
    "report file --token-file token, report knows no options"
  })
  void wordsWithoutSenseShouldBeRefused(String line, String words) {
    String[] given = line.isEmpty() ? new String[0] : line.split(" ");

    assertThatThrownBy(() -> Arguments.parse(given))
        .isInstanceOf(MisusedException.class)
        .hasMessageContaining(words);
  }
}
