package org.jamessts.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamessts.testing.SettingsPage;
import org.jamessts.testing.SettingsPage.Entry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/configure.md} and the sample {@code sts.properties} against the code. */
class DocumentedSettingsTest {

  private static final Path SAMPLE = Path.of("../james-conf/conf/sts.properties");
  private static final Pattern SAMPLE_LINE = Pattern.compile("(?m)^#([A-Za-z0-9.]+)=(.*)$");

  /** What else must be set for a value to make a difference. */
  private static final Map<String, Map<String, String>> BESIDE =
      Map.of(
          "dnssec.trustRemoteAd", Map.of("dnssec", "trust-ad", "dns.servers", "192.0.2.53"),
          "reports.enabled", Map.of("reports.organization", "Example"));

  @TempDir Path base;

  @BeforeEach
  void makeTheFileThatIsReadWhenThereIsOne() throws IOException {
    Files.createDirectories(base.resolve("conf"));
    Files.writeString(base.resolve("conf/sts-overrides.json"), "{\"overrides\":[]}");
  }

  private static List<Entry> page() throws IOException {
    return SettingsPage.below("`conf/sts.properties`");
  }

  @Test
  void everyKeyShouldStandOnThePageOnce() throws IOException {
    assertThat(SettingsPage.namesOf(page())).containsExactlyElementsOf(known());
  }

  @Test
  void everyKeyShouldStandInTheSampleOnce() throws IOException {
    assertThat(sample().map(line -> line.group(1)).sorted()).containsExactlyElementsOf(known());
  }

  private List<String> known() {
    return SettingsPage.known(
        catchThrowableOfType(
            InvalidSettingException.class,
            () -> StsSettings.parse(Map.of("no.such.key", "1"), base)));
  }

  @TestFactory
  List<DynamicTest> defaultOnThePageShouldBeTheOneThatHolds() throws IOException {
    return page().stream()
        .filter(entry -> entry.standard().isPresent())
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    SettingsPage.shown(entry),
                    () -> shouldHold(entry.names().get(0), entry.standard().orElseThrow())))
        .toList();
  }

  @TestFactory
  List<DynamicTest> defaultInTheSampleShouldBeTheOneThatHolds() throws IOException {
    return sample()
        .filter(line -> !line.group(2).isEmpty())
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.group(1), () -> shouldHold(line.group(1), line.group(2))))
        .toList();
  }

  private void shouldHold(String key, String standard) {
    Map<String, String> beside = BESIDE.getOrDefault(key, Map.of());
    Map<String, String> said = new HashMap<>(beside);
    said.put(key, standard);

    assertThat(outcome(said)).isEqualTo(outcome(beside));
  }

  /** The settings but for the authorities, which Java cannot compare; or why there are none. */
  private Object outcome(Map<String, String> values) {
    try {
      StsSettings settings = StsSettings.parse(values, base);
      return Arrays.stream(StsSettings.class.getRecordComponents())
          .filter(component -> !component.getName().equals("trustAnchors"))
          .map(component -> value(component, settings))
          .toList();
    } catch (InvalidSettingException e) {
      return String.valueOf(e.getMessage()).replaceAll(".* is not allowed", "refused");
    }
  }

  private static Object value(RecordComponent component, StsSettings settings) {
    try {
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(component + " of a public record", e);
    }
  }

  /** A key without a value of its own has none in the sample either. */
  @Test
  void pageAndSampleShouldAgreeOnWhichKeysHaveADefault() throws IOException {
    Map<String, Boolean> sample = new HashMap<>();
    sample().forEach(line -> sample.put(line.group(1), !line.group(2).isEmpty()));

    for (Entry entry : page()) {
      assertThat(Optional.ofNullable(sample.get(entry.names().get(0))))
          .as(SettingsPage.shown(entry))
          .contains(entry.standard().isPresent());
    }
  }

  private static Stream<MatchResult> sample() throws IOException {
    return SAMPLE_LINE.matcher(Files.readString(SAMPLE)).results();
  }
}
