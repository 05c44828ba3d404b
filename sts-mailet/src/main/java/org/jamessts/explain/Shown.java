package org.jamessts.explain;

import java.util.List;
import java.util.function.Function;
import org.jamessts.smtp.PrintableText;

/** Texts and lists of strangers, bounded. */
final class Shown {

  private static final int MAX_TEXT = 300;
  private static final int MAX_ITEMS = 20;

  private Shown() {}

  static String text(String text) {
    return text.length() <= MAX_TEXT
        ? PrintableText.of(text)
        : PrintableText.of(text, MAX_TEXT) + "...";
  }

  static <T> List<String> texts(List<T> items, Function<T, String> text) {
    return items.stream().limit(MAX_ITEMS).map(text).map(Shown::text).toList();
  }
}
