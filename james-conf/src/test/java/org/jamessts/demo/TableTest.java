package org.jamessts.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

  private static final String LONG = "a".repeat(300);

  @Test
  void shouldMakeColumnsAsWideAsTheirCells() {
    Table table = new Table("domain", "came");
    table.row("a-long-name.test", "nothing");
    table.note("why");
    table.row("b.test", "8 octets");

    assertThat(table)
        .hasToString(
            """
            domain           came
            -------------------------
            a-long-name.test nothing
                why
            b.test           8 octets\
            """);
  }

  @Test
  void shouldCutACellThatWouldPushTheOthersAway() {
    Table table = new Table("domain", "came");
    table.row(LONG, "nothing");

    assertThat(table.toString().lines().skip(2)).containsExactly("a".repeat(41) + "… nothing");
  }

  @Test
  void shouldWrapNotesAtSpacesAndLoseNoWord() {
    Table table = new Table("domain", "came");
    table.row("a.test", "nothing");
    table.note("some words ".repeat(30) + LONG + " end");

    assertThat(table.toString().lines().skip(3))
        .allMatch(line -> line.startsWith("    ") && (line.length() <= 80 || line.contains(LONG)));
    assertThat(table.toString().replaceAll("\\s+", " "))
        .endsWith("some words ".repeat(30) + LONG + " end");
  }
}
