package org.jamessts.override;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.override.OverridesTest.minimum;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.json.JsonReader;
import org.jamessts.json.MalformedJsonException;
import org.jamessts.testing.Mutations;
import org.jamessts.testing.RecordingLog;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Overrides in a file: at the start, and when the file changes. */
class OverrideFileTest {

  @TempDir Path directory;

  private final SettableClock clock = new SettableClock();
  private final MemoryOverrideStore store = new MemoryOverrideStore();
  private final RecordingLog log = new RecordingLog();

  @Test
  void openShouldReadTheSample() throws Exception {
    Files.write(path(), sample());
    Overrides overrides = open();

    assertThat(overrides.inFile())
        .extracting(stored -> stored.override().pattern().toString())
        .containsExactly("bank.example", "library.example", "partner.example", "*.partner.example");
    assertThat(overrides.inFile())
        .allSatisfy(
            stored -> {
              assertThat(stored.changedBy()).isEqualTo("file");
              assertThat(stored.changedAt()).isEqualTo(clock.instant());
            });
    DomainName library = DomainName.parse("library.example");
    assertThat(overrides.find(library, Instant.parse("2026-11-30T23:59:59Z"))).isNotEmpty();
    assertThat(overrides.find(library, Instant.parse("2026-12-01T00:00:00Z"))).isEmpty();
    assertThat(overrides.trouble()).isEmpty();
    assertThat(log.drain()).containsExactly("INFO override file " + path() + ": 4 overrides");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void openShouldRefuseABadFileAndNameFilePlaceValueAndWhatIsAllowed(
      String rule, String text, String reason) throws Exception {
    Files.writeString(path(), text);

    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidOverrideFileException.class)
        .hasMessageStartingWith("override file " + path() + ": " + reason);
  }

  static Stream<Arguments> openShouldRefuseABadFileAndNameFilePlaceValueAndWhatIsAllowed() {
    String good = "{\"domain\":\"a.example\",\"minimum\":\"verified\"}";
    return Stream.of(
        arguments("nothing", "", "it is empty"),
        arguments("no overrides", "{}", "it has no overrides"),
        arguments("an array", "[" + good + "]", "\"[\" is not allowed; allowed is an object"),
        arguments("one override", good, "/domain: \"domain\" is not a known key; allowed are over"),
        arguments(
            "overrides as object", "{\"overrides\":" + good + "}", "/overrides: \"{\" is not"),
        arguments("overrides null", "{\"overrides\":null}", "/overrides: \"null\" is not allowed"),
        arguments(
            "twice", "{\"overrides\":[],\"overrides\":[]}", "/overrides: it is not JSON: Dup"),
        arguments(
            "other key beside", "{\"overrides\":[],\"version\":1}", "/version: \"version\" is"),
        arguments("text after the end", file(good) + "x", "it is not JSON"),
        arguments("null in between", file(good + ",null"), "/overrides/1: \"null\" is not allowed"),
        arguments(
            "a bad value",
            file(good + ",{\"domain\":\"b.example\",\"minimum\":\"strict\"}"),
            "/overrides/1/minimum: \"strict\" is not allowed; allowed is require-tls or verified or dane"),
        arguments(
            "an override that says nothing",
            file(good + ",{\"domain\":\"b.example\"}"),
            "/overrides/1: it says nothing; needed is at least one of minimum, policy, exempt"),
        arguments(
            "two of one pattern",
            file(good + "," + good.replace("a.ex", "b.ex") + "," + good.replace("a.ex", "A.EX")),
            "/overrides/2: there is already an override of a.example"),
        arguments(
            "over 1 MiB", file(good) + " ".repeat(1024 * 1024), "it has more than 1048576 oct"));
  }

  @Test
  void fileThatIsNotThereYetShouldBeReadWhenItIs() throws Exception {
    Overrides overrides = open();
    overrides.reloadFileIfChanged();
    assertThat(overrides.inFile()).isEmpty();
    assertThat(overrides.trouble()).isEmpty();

    Files.writeString(
        path(), "{\"overrides\":[{\"domain\":\"a.example\",\"minimum\":\"verified\"}]}");
    overrides.reloadFileIfChanged();

    assertThat(overrides.inFile()).hasSize(1);
  }

  @Test
  void openShouldAcceptAnEntryThatHasEnded() throws Exception {
    Files.writeString(
        path(),
        file(
            "{\"domain\":\"a.example\",\"minimum\":\"verified\",\"until\":\"2020-01-01T00:00:00Z\"}"));

    assertThat(found(open(), "a.example")).isFalse();
  }

  @Test
  void openShouldApplyTheFileWhenTheStoreFails() throws Exception {
    write("a.example");
    store.will(MemoryOverrideStore.Behaviour.THROWS);

    assertThat(found(open(), "a.example")).isTrue();
  }

  @Test
  void findShouldTakeTheStoredOneOfTwoAndTheFilesWhenThatHasEnded() throws Exception {
    write("a.example");
    Overrides overrides = open();
    Instant until = clock.instant().plus(Duration.ofDays(1));
    DomainOverride stored =
        OverrideTest.parsed(
            "{\"domain\":\"a.example\",\"minimum\":\"require-tls\",\"until\":\"" + until + "\"}");
    overrides.put(stored, "alice");
    DomainName domain = DomainName.parse("a.example");

    assertThat(overrides.find(domain, clock.instant()))
        .containsExactly(stored, minimum("a.example"));
    clock.advance(Duration.ofDays(1));
    assertThat(overrides.find(domain, clock.instant())).containsExactly(minimum("a.example"));
  }

  @Test
  void findShouldPreferAMoreSpecificOneOfTheFileToAStoredOne() throws Exception {
    write("mail.a.example");
    Overrides overrides = open();
    overrides.put(minimum("*.a.example"), "alice");

    assertThat(overrides.find(DomainName.parse("mail.a.example"), clock.instant()))
        .containsExactly(minimum("mail.a.example"), minimum("*.a.example"));
  }

  @Test
  void removeShouldSayThatTheFilesAreRemovedInTheFile() throws Exception {
    write("a.example");
    Overrides overrides = open();
    DomainPattern pattern = DomainPattern.parse("a.example");

    assertThat(overrides.remove(pattern, "bob"))
        .isEqualTo(
            new OverrideChange.Refused(
                "the override of a.example stands in the override file, and can be removed"
                    + " there"));

    overrides.put(minimum("a.example"), "alice");
    assertThat(overrides.remove(pattern, "bob")).isInstanceOf(OverrideChange.Done.class);
    assertThat(found(overrides, "a.example")).isTrue();
  }

  @Test
  void reloadFileIfChangedShouldApplyAndLogEveryEntryThatChanged() throws Exception {
    write("same.example", "other.example", "gone.example");
    Overrides overrides = open();
    Instant start = clock.instant();
    log.drain();
    clock.advance(Duration.ofMinutes(1));

    Files.writeString(
        path(),
        file(
            "{\"domain\":\"other.example\",\"minimum\":\"require-tls\"},"
                + minimum("same.example").toJson()
                + ","
                + minimum("new.example").toJson()));
    overrides.reloadFileIfChanged();
    overrides.reloadFileIfChanged();

    assertThat(found(overrides, "gone.example")).isFalse();
    assertThat(found(overrides, "new.example")).isTrue();
    assertThat(overrides.inFile())
        .extracting(StoredOverride::changedAt)
        .containsExactly(clock.instant(), clock.instant(), start);
    assertThat(log.drain())
        .containsExactlyInAnyOrder(
            "INFO override of new.example set by file:"
                + " {\"domain\":\"new.example\",\"minimum\":\"verified\"}",
            "INFO override of other.example set by file:"
                + " {\"domain\":\"other.example\",\"minimum\":\"require-tls\"}"
                + " (before: {\"domain\":\"other.example\",\"minimum\":\"verified\"})",
            "INFO override of gone.example removed by file:"
                + " {\"domain\":\"gone.example\",\"minimum\":\"verified\"}");
  }

  @Test
  void reloadFileIfChangedShouldRefuseABadFileOnceAndKeepWhatItSaidBefore() throws Exception {
    write("a.example");
    Overrides overrides = open();
    log.drain();

    Files.writeString(path(), file("{\"domain\":\"a.example\",\"minimum\":\"strict\"}"));
    overrides.reloadFileIfChanged();
    overrides.reloadFileIfChanged();

    String refused =
        "override file "
            + path()
            + ": /overrides/0/minimum: \"strict\" is not allowed; allowed is require-tls or"
            + " verified or dane; what it said before stays";
    assertThat(found(overrides, "a.example")).isTrue();
    assertThat(overrides.trouble()).contains(refused);
    assertThat(log.drain()).containsExactly("ERROR " + refused);
  }

  @Test
  void reloadFileIfChangedShouldKeepWhatItSaidBeforeWhenTheFileIsGone() throws Exception {
    write("a.example");
    Overrides overrides = open();
    log.drain();

    Files.delete(path());
    overrides.reloadFileIfChanged();
    overrides.reloadFileIfChanged();
    assertThat(found(overrides, "a.example")).isTrue();
    assertThat(overrides.trouble()).isPresent();
    assertThat(log.drain()).hasSize(1);

    write("b.example");
    overrides.reloadFileIfChanged();
    assertThat(found(overrides, "a.example")).isFalse();
    assertThat(found(overrides, "b.example")).isTrue();
    assertThat(overrides.trouble()).isEmpty();
    assertThat(log.drain()).hasSize(3).first().isEqualTo("INFO the override file is good again");
  }

  @Test
  void troubleShouldTellOfFileAndStore() throws Exception {
    write("a.example");
    Overrides overrides = open();
    store.will(MemoryOverrideStore.Behaviour.THROWS);
    Files.writeString(path(), "");

    overrides.reloadFileIfChanged();
    overrides.reload();

    assertThat(overrides.trouble())
        .hasValueSatisfying(
            text -> assertThat(text).contains(": it is empty; ", "; stored overrides cannot be"));
  }

  @Test
  void reloadFileIfChangedShouldDoNothingWithoutAFile() throws Exception {
    Overrides overrides = Overrides.open(Optional.empty(), store, clock, log);

    overrides.reloadFileIfChanged();

    assertThat(overrides.inFile()).isEmpty();
    assertThat(log.drain()).isEmpty();
  }

  @Test
  void overridesShouldGiveAListOrAReasonForWhateverIsInTheFile() throws IOException {
    int good = 0;
    for (byte[] text : Mutations.of(sample(), 4).limit(20_000).toList()) {
      try {
        List<DomainOverride> read = JsonReader.read(text, OverrideFile::overrides);
        assertThat(read.stream().map(DomainOverride::pattern)).doesNotHaveDuplicates();
        good++;
      } catch (MalformedJsonException e) {
        assertThat(e.reason()).hasSizeLessThan(800).matches("[\\x20-\\x7e]+");
      }
    }
    assertThat(good).isBetween(1_000, 19_000);
  }

  private Overrides open() throws InvalidOverrideFileException {
    return Overrides.open(Optional.of(path()), store, clock, log);
  }

  private boolean found(Overrides overrides, String domain) throws Exception {
    return !overrides.find(DomainName.parse(domain), clock.instant()).isEmpty();
  }

  private Path path() {
    return directory.resolve("overrides.json");
  }

  private void write(String... patterns) throws IOException {
    String entries =
        Arrays.stream(patterns)
            .map(pattern -> minimum(pattern).toJson())
            .collect(Collectors.joining(",\n"));
    Files.write(path(), file(entries).getBytes(UTF_8));
  }

  private static String file(String entries) {
    return "{\"overrides\":[" + entries + "]}";
  }

  private static byte[] sample() throws IOException {
    try (InputStream in = OverrideFileTest.class.getResourceAsStream("overrides.json")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }
}
