package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamessts.settings.InvalidSettingException;
import org.jamessts.testing.SettingsPage;
import org.jamessts.testing.SettingsPage.Entry;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code docs/configure.md} against the parameters of the mailet. */
class DocumentedParametersTest {

  /** James's mailet container reads these, of every mailet. */
  private static final Set<String> OF_THE_CONTAINER =
      Set.of("onMailetException", "onMatchException");

  /** With a gateway to log in to, every parameter makes a difference. */
  private static final Map<String, String> GATEWAY =
      Map.of(
          "gateway", "relay.example",
          "gatewayUsername", "james",
          "gatewayPassword", "secret");

  private static DeliveryParameters parse(Map<String, String> values) {
    FakeMailetConfig.Builder config = FakeMailetConfig.builder();
    values.forEach(config::setProperty);
    return DeliveryParameters.parse(config.build());
  }

  private static List<Entry> page() throws IOException {
    return SettingsPage.below("`mailetcontainer.xml`").stream()
        // The table of the other mailets.
        .filter(entry -> !entry.names().get(0).startsWith("org.jamessts."))
        .toList();
  }

  @Test
  void everyParameterShouldStandOnThePageOnce() throws IOException {
    List<String> known =
        SettingsPage.known(
            catchThrowableOfType(
                InvalidSettingException.class, () -> parse(Map.of("noSuchParameter", "1"))));

    assertThat(SettingsPage.namesOf(page()))
        .containsExactlyElementsOf(
            known.stream().filter(name -> !OF_THE_CONTAINER.contains(name)).toList());
  }

  @TestFactory
  List<DynamicTest> defaultOnThePageShouldBeTheOneThatHolds() throws IOException {
    return page().stream()
        .filter(entry -> entry.standard().isPresent())
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    SettingsPage.shown(entry),
                    () -> {
                      Map<String, String> said = new HashMap<>(GATEWAY);
                      said.put(entry.names().get(0), entry.standard().orElseThrow());

                      assertThat(parse(said).toString()).isEqualTo(parse(GATEWAY).toString());
                    }))
        .toList();
  }
}
