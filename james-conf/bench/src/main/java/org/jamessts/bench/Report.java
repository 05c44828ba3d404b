package org.jamessts.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The table of a suite. A target is met when the median is within it, and missed when three
 * quarters of the measurements are not; in between, noise alone would explain it, and the verdict
 * is {@code noise}.
 */
public final class Report {

  private record Row(String what, Figure figure, OptionalDouble target) {

    boolean missed() {
      return target.isPresent() && figure.quantile(0.25) > target.getAsDouble();
    }

    String verdict() {
      if (target.isEmpty()) {
        return "";
      }
      String verdict =
          missed() ? "MISSED" : figure.median() > target.getAsDouble() ? "noise" : "met";
      return "<= %-9s %s".formatted(figure.unit().format(target.getAsDouble()), verdict);
    }
  }

  private final List<Row> rows = new ArrayList<>();

  /** Adds a line without a target. */
  public void add(String what, Figure figure) {
    rows.add(new Row(what, figure, OptionalDouble.empty()));
  }

  /** Adds a line with what the figure may be at most, in its unit. */
  public void add(String what, Figure figure, double target) {
    rows.add(new Row(what, figure, OptionalDouble.of(target)));
  }

  boolean misses() {
    return rows.stream().anyMatch(Row::missed);
  }

  /** One line for each figure. */
  String table() {
    StringBuilder table = new StringBuilder();
    table.append(line("", "median (middle half)", "target"));
    for (Row row : rows) {
      table.append(line(row.what(), row.figure().toString(), row.verdict()));
    }
    return table.toString();
  }

  private static String line(String what, String figure, String verdict) {
    return "%-62s  %-32s  %s".formatted(what, figure, verdict).stripTrailing() + "\n";
  }
}
