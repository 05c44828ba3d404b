package org.jamessts.preload;

/** What the reading of a list gives. */
public sealed interface PreloadListParse {

  /**
   * A list.
   *
   * @param list its value; it may have expired
   */
  record Parsed(PreloadList list) implements PreloadListParse {}

  /**
   * No list, or one that cannot be believed.
   *
   * @param reason the first thing that is wrong and where, for a person to read; one line, bounded
   *     and printable
   */
  record Invalid(String reason) implements PreloadListParse {}
}
