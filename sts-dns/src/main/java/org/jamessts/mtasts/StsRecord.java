package org.jamessts.mtasts;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamessts.mtasts.StsRecordChoice.Invalid;
import org.jamessts.mtasts.StsRecordChoice.None;
import org.jamessts.mtasts.StsRecordChoice.Present;

/**
 * The TXT record by which a domain announces a policy (RFC 8461 §3.1). It is only a hint: what the
 * policy says stands at the policy host, and a change of {@code id} tells that it changed.
 *
 * @param id 1 to 32 ASCII letters and digits, without order
 */
public record StsRecord(String id) {

  private static final String PREFIX = "v=STSv1;";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");
  private static final Pattern FIELD =
      Pattern.compile(
          "[ \\t]*([A-Za-z0-9][A-Za-z0-9_.-]{0,31})=([\\x21-\\x3a\\x3c\\x3e-\\x7e]+)([ \\t]*)");
  private static final Pattern BLANK = Pattern.compile("[ \\t]*");

  public StsRecord {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("not an id: " + Shown.quoted(id));
    }
  }

  /**
   * Finds the one MTA-STS record among the TXT records of a name.
   *
   * @param texts each record as one text, its strings joined without a separator
   * @return the record, or why there is none to follow
   */
  public static StsRecordChoice select(List<String> texts) {
    // The prefix ends with the semicolon: "v=STSv10; ..." and "v=STSv1 ; ..." are other records.
    List<String> candidates = texts.stream().filter(text -> text.startsWith(PREFIX)).toList();
    if (candidates.isEmpty()) {
      return new None("no TXT record begins with " + PREFIX);
    }
    if (candidates.size() > 1) {
      return new None(candidates.size() + " TXT records begin with " + PREFIX);
    }
    return parse(candidates.get(0));
  }

  private static StsRecordChoice parse(String text) {
    String[] fields = text.substring(PREFIX.length()).split(";", -1);
    int last = fields.length - 1;
    Optional<String> id = Optional.empty();
    for (int i = 0; i <= last; i++) {
      if (i == last && BLANK.matcher(fields[i]).matches()) {
        break; // what follows the one delimiter that may end a record
      }
      Matcher field = FIELD.matcher(fields[i]);
      // White space belongs to a delimiter: at the end of the record there is none to belong to.
      if (!field.matches() || (i == last && !field.group(3).isEmpty())) {
        return new Invalid("the TXT record has no field in " + Shown.quoted(fields[i]));
      }
      if (id.isEmpty() && field.group(1).equals("id")) {
        id = Optional.of(field.group(2));
      }
    }
    if (id.isEmpty()) {
      return new Invalid("the TXT record has no id");
    }
    return ID.matcher(id.get()).matches()
        ? new Present(new StsRecord(id.get()))
        : new Invalid(
            "the TXT record's id is not 1 to 32 letters and digits: " + Shown.quoted(id.get()));
  }
}
