package org.jamessts.attack;

import java.util.List;
import java.util.Optional;
import org.jamessts.testing.DnsFault;

/**
 * What a question for TXT records gets.
 *
 * @param words for the list of steps
 * @param texts the records
 * @param fault what happens to the answer, if anything does
 */
record TxtView(String words, List<String> texts, Optional<DnsFault> fault) {

  static TxtView of(List<String> texts) {
    return new TxtView(texts.toString(), texts, Optional.empty());
  }

  static TxtView failing(String words, DnsFault fault) {
    return new TxtView(words, List.of(), Optional.of(fault));
  }

  /** The one record that everybody can read, if there is just one. */
  Optional<String> single() {
    return texts.size() == 1 && fault.isEmpty() ? Optional.of(texts.get(0)) : Optional.empty();
  }
}
