package org.jamessts.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.jamessts.bench.Figure.Unit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

  @ParameterizedTest
  @CsvSource({
    "most are within the target,         1 2 3 9 9, 3, met",
    "median beyond it but not a quarter, 1 3 4 9 9, 3, noise",
    "three quarters beyond it,           3 4 4 9 9, 3, MISSED",
    "a single measurement beyond it,     4,         3, MISSED"
  })
  void targetShouldBeMissedWhenThreeQuartersOfTheMeasurementsAreBeyondIt(
      String rule, String values, double target, String verdict) {
    Report report = new Report();
    report.add(rule, new Figure(Unit.TIMES, list(values)), target);

    assertThat(report.table()).containsPattern("<= 3 x +" + verdict);
    assertThat(report.misses()).isEqualTo(verdict.equals("MISSED"));
  }

  @ParameterizedTest
  @CsvSource({
    "TIME,   47.14,      47.1 ns",
    "TIME,   999.6,      1.00 µs",
    "TIME,   36900,      36.9 µs",
    "TIME,   360e9,      360 s",
    "TIME,   778000e9,   '778,000 s'",
    "OCTETS, 76400000,   76.4 MB",
    "OCTETS, 764.2,      764 octets",
    "COUNT,  0,          0"
  })
  void valueShouldBePrintedInAUnitThatSuitsIt(Unit unit, double value, String text) {
    assertThat(Figure.of(unit, value)).hasToString(text);
  }

  private static List<Double> list(String values) {
    return Arrays.stream(values.split(" ")).map(Double::valueOf).toList();
  }
}
