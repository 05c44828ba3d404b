package org.jamessts.fuzz;

import java.util.List;
import java.util.Optional;
import org.jamessts.mtasts.StsRecord;
import org.jamessts.mtasts.StsRecordChoice;
import org.jamessts.mtasts.StsRecordChoice.Invalid;
import org.jamessts.mtasts.StsRecordChoice.None;
import org.jamessts.mtasts.StsRecordChoice.Present;

/** The TXT records at {@code _mta-sts} (RFC 8461 §3.1). */
public final class StsRecordTarget {

  private static final String PREFIX = "v=STSv1;";

  private StsRecordTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
  }

  static boolean reads(byte[] input) {
    List<String> texts = Texts.records(input);
    StsRecordChoice choice = StsRecord.select(texts);
    Claims.isReason(choice.reason());
    List<String> candidates = texts.stream().filter(text -> text.startsWith(PREFIX)).toList();
    if (candidates.size() != 1) {
      Claims.that(choice instanceof None, () -> "one of several or of none: " + choice);
      return false;
    }
    Optional<String> id = id(candidates.get(0));
    if (choice instanceof Present present) {
      Claims.equal(Optional.of(present.record().id()), id, "the id");
      Claims.equal(StsRecord.select(List.of(PREFIX + "id=" + id.get())), choice, "the id alone");
      return true;
    }
    Claims.that(choice instanceof Invalid, () -> "the one record is overlooked: " + choice);
    Claims.that(id.isEmpty(), () -> "a record by the grammar is refused: " + choice);
    return false;
  }

  /** The id of a record by the grammar of RFC 8461 §3.1. */
  private static Optional<String> id(String text) {
    Cursor in = new Cursor(text);
    Optional<String> id = Optional.empty();
    in.skip("v=STSv1");
    do {
      in.skipBlanks();
      if (!in.skip(";")) {
        return Optional.empty();
      }
      in.skipBlanks();
      if (in.atEnd()) {
        break;
      }
      Optional<String> name = in.name();
      boolean equalsSign = in.skip("=");
      String value = in.take(c -> c > ' ' && c <= '~' && c != ';' && c != '=');
      if (name.isEmpty() || !equalsSign || value.isEmpty()) {
        return Optional.empty();
      }
      if (id.isEmpty() && name.get().equals("id")) {
        id = Optional.of(value);
      }
    } while (!in.atEnd());
    return id.filter(value -> value.length() <= 32)
        .filter(value -> value.chars().allMatch(c -> Cursor.isLetter(c) || Cursor.isDigit(c)));
  }
}
