package org.jamessts.bench;

import java.util.List;
import java.util.Locale;

/**
 * Several measurements of one thing.
 *
 * @param unit of what
 * @param values at least one, in nanoseconds, octets or as they are
 */
public record Figure(Unit unit, List<Double> values) {

  /** What is measured. */
  public enum Unit {
    TIME("ns µs ms s"),
    OCTETS("octets kB MB GB"),
    TIMES("x"),
    COUNT("");

    private final String steps;

    Unit(String steps) {
      this.steps = steps;
    }

    /** A value with a unit that suits it. */
    String format(double value) {
      String[] names = steps.split(" ", -1);
      int step = 0;
      double shown = value;
      while (shown >= 999.5 && step < names.length - 1) {
        shown /= 1_000;
        step++;
      }
      boolean whole = shown == Math.rint(shown) || shown >= 100;
      int digits = whole ? 0 : shown >= 10 ? 1 : 2;
      return String.format(Locale.ROOT, "%,." + digits + "f %s", shown, names[step]).strip();
    }
  }

  public Figure {
    values = values.stream().sorted().toList();
  }

  /** One measurement. */
  public static Figure of(Unit unit, double value) {
    return new Figure(unit, List.of(value));
  }

  double median() {
    return quantile(0.5);
  }

  /** The value below which that part of the measurements lies, interpolated. */
  double quantile(double part) {
    double position = part * (values.size() - 1);
    int below = (int) position;
    int above = Math.min(below + 1, values.size() - 1);
    return values.get(below) + (position - below) * (values.get(above) - values.get(below));
  }

  /** Median, and the middle half of the measurements. */
  @Override
  public String toString() {
    String median = unit.format(median());
    return values.size() == 1
        ? median
        : "%s (%s to %s)"
            .formatted(median, unit.format(quantile(0.25)), unit.format(quantile(0.75)));
  }
}
