package org.jamessts.demo;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns as wide as what stands in them, within limits; notes wrapped under the rows. */
final class Table {

  private static final int WIDEST_CELL = 42;
  private static final int NARROWEST_NOTE = 80;
  private static final String NOTE_INDENT = "    ";

  /** A row of cells and what is said about it. */
  private record Row(List<String> cells, List<String> notes) {}

  private final List<String> heading;
  private final List<Row> rows = new ArrayList<>();

  Table(String... heading) {
    this.heading = List.of(heading);
  }

  /** Adds a row; as many cells as the heading has. */
  void row(String... cells) {
    if (cells.length != heading.size()) {
      throw new IllegalArgumentException(cells.length + " cells under " + heading);
    }
    rows.add(new Row(List.of(cells), new ArrayList<>()));
  }

  /** Adds a line, or several where it is long, under the last row. */
  void note(String text) {
    rows.get(rows.size() - 1).notes().add(text);
  }

  @Override
  public String toString() {
    int[] widths = new int[heading.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = width(column);
    }
    String names = line(heading, widths);
    int total = 0;
    for (int width : widths) {
      total += width + 1;
    }
    List<String> lines = new ArrayList<>(List.of(names, "-".repeat(total - 1)));
    for (Row row : rows) {
      lines.add(line(row.cells(), widths));
      for (String note : row.notes()) {
        lines.addAll(wrap(note, Math.max(total - 1, NARROWEST_NOTE)));
      }
    }
    return String.join("\n", lines);
  }

  private int width(int column) {
    int widest = heading.get(column).length();
    for (Row row : rows) {
      widest = Math.max(widest, row.cells().get(column).length());
    }
    return Math.min(widest, WIDEST_CELL);
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String shown = cut(cells.get(i), widths[i]);
      line.append(shown).append(" ".repeat(widths[i] - shown.length() + 1));
    }
    return line.toString().stripTrailing();
  }

  private static String cut(String cell, int width) {
    return cell.length() <= width ? cell : cell.substring(0, width - 1) + "…";
  }

  /** Breaks at spaces; a word that is longer than a line keeps its line. */
  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && NOTE_INDENT.length() + line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines.stream().map(content -> NOTE_INDENT + content).toList();
  }

  /** Wraps a text as the notes are, without their indentation. */
  static String paragraph(String text) {
    return wrap(text, 119).stream().map(String::strip).collect(joining("\n"));
  }
}
