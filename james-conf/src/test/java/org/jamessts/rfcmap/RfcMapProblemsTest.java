package org.jamessts.rfcmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the build fails for, with a list of rules and claims of its own. */
class RfcMapProblemsTest {

  private static final String RULES = "RFC 1\tS1\t§1\tBe good.\nRFC 1\tS2\t§2, §3\tDo `so`.\n";

  private static RfcMap map(String rules, Class<?>... tests) throws IOException {
    return new RfcMap(
        StatedRule.parse(rules),
        Claim.of(new ClassFileImporter().importClasses(tests)),
        new Sources(Path.of("..")));
  }

  /** With an up-to-date page. */
  private static List<String> problems(RfcMap map) {
    return map.problems(new MapPage(map).text());
  }

  @Test
  void nothingShouldBeWrongWhenEveryRuleIsShown() throws IOException {
    assertThat(problems(map(RULES, Samples.Good.class))).isEmpty();
  }

  @Test
  void ruleWithoutATestShouldBeNamed() throws IOException {
    assertThat(problems(map(RULES, Samples.WholeClass.class)))
        .containsExactly("RFC 1 S1 is shown by no test");
  }

  @Test
  void pendingRuleShouldNeedNoTest() throws IOException {
    String rules = RULES.replace("good.", "good.\tpending");

    assertThat(problems(map(rules, Samples.WholeClass.class))).isEmpty();
    assertThat(problems(map(rules, Samples.Good.class)))
        .singleElement()
        .asString()
        .startsWith("RFC 1 S1 is shown by Samples.Good.")
        .endsWith("it is no longer pending");
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource
  void badClaimShouldBeNamed(Class<?> test, String problem) throws IOException {
    assertThat(problems(map(RULES, Samples.Good.class, test))).containsExactly(problem);
  }

  static Stream<Arguments> badClaimShouldBeNamed() {
    String isNone = " is no test that is run, and shows nothing of RFC 1 S1";
    return Stream.of(
        arguments(
            Samples.Unknown.class,
            "Samples.Unknown.test names a rule that is not in rules.tsv: RFC 1 S99"),
        arguments(Samples.NoTest.class, "Samples.NoTest.helper" + isNone),
        arguments(Samples.NoTestInIt.class, "Samples.NoTestInIt" + isNone),
        arguments(Samples.Switched.class, "Samples.Switched.off" + isNone),
        arguments(Samples.SwitchedAsAWhole.class, "Samples.SwitchedAsAWhole.off" + isNone),
        arguments(
            Samples.InNothing.class,
            "Samples.InNothing.test names no class that keeps to RFC 1 S1"),
        arguments(Samples.InATest.class, "Samples.InATest.test names Rule, no production class"));
  }

  @Test
  void staleOrMissingPageShouldBeNamedWithTheCommandThatWritesIt() throws IOException {
    RfcMap map = map(RULES, Samples.Good.class);
    String page = new MapPage(map).text();

    for (String committed : List.of("", page + "\n", page.replace("Be good.", "Be better."))) {
      assertThat(map.problems(committed))
          .singleElement()
          .asString()
          .startsWith("docs/rfc-map.md is out of date")
          .contains("-Dtest=RfcMapTest -Dsts.rfcMap=write");
    }
  }

  @Test
  void pageShouldLinkRulesToClassesAndTests() throws IOException {
    String rules = RULES + "RFC 2\tS1\t§1\tMore.\tpending\n";

    assertThat(new MapPage(map(rules, Samples.WholeClass.class, Samples.Good.class)).text())
        .endsWith(
            """

            ## RFC 1

            | Rule | What it says | Kept by | Shown by |
            |---|---|---|---|
            | S1 | Be good. (§1) | [StsRequirement], [TlsRequirement] | [Samples.Good] severalRules, table |
            | S2 | Do `so`. (§2, §3) | [MxPattern], [TlsRequirement] | [Samples.Good] severalRules<br>[Samples.WholeClass] |

            ## RFC 2

            | Rule | What it says | Kept by | Shown by |
            |---|---|---|---|
            | S1 | More. (§1) |  | *pending* |

            [MxPattern]: ../sts-dns/src/main/java/org/jamessts/mtasts/MxPattern.java
            [Samples.Good]: ../james-conf/src/test/java/org/jamessts/rfcmap/Samples.java
            [Samples.WholeClass]: ../james-conf/src/test/java/org/jamessts/rfcmap/Samples.java
            [StsRequirement]: ../sts-mailet/src/main/java/org/jamessts/decide/StsRequirement.java
            [TlsRequirement]: ../sts-mailet/src/main/java/org/jamessts/decide/TlsRequirement.java
            """);
  }

  @Test
  void pageShouldTellClassesOfTheSameNameApart() throws IOException {
    assertThat(new MapPage(map(RULES, Samples.InNamesakes.class)).text())
        .contains("| [java.awt.List], [java.util.List] | [Samples.InNamesakes] test |");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "RFC 1\tS1\t§1",
        "RFC 1\tS1\t§1\tBe good.\tlater",
        "RFC 1\tS1\t\tBe good.",
        "RFC 1\tS1\t§1\tBe good | bad.",
        "RFC 1\tS1\t§1\tBe <b>good</b>.",
      })
  void lineThatIsNoRuleShouldBeRefused(String line) {
    assertThatThrownBy(() -> StatedRule.parse("# comment\n" + line + "\n"))
        .hasMessage("not a rule: " + line);
  }

  @Test
  void ruleThatIsStatedTwiceShouldBeRefused() {
    assertThatThrownBy(() -> StatedRule.parse(RULES + RULES)).hasMessage("stated twice: RFC 1 S1");
  }
}
