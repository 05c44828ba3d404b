package org.jamessts.sts2016;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamessts.mtasts.Shown;

/**
 * The tags of a record and their values as text: names in lower case, of duplicates the first, all
 * of the known and the unknown. White space stands where -00 §3.1 allows it, and in one place more:
 * at the end of the record, where the draft's own example (Appendix 2) has a blank.
 */
final class Tags {

  /** The version is case-sensitive, the tag is not; {@code STS10} is another version. */
  private static final Pattern VERSION = Pattern.compile("[vV][ \\t]*=[ \\t]*STS1(?![^ \\t;])");

  private static final Pattern BLANK = Pattern.compile("[ \\t]*");

  /** A name by RFC 8461 §3.1, and printable ASCII with white space only inside. */
  private static final Pattern FIELD =
      Pattern.compile(
          "[ \\t]*([A-Za-z0-9][A-Za-z0-9_.-]{0,31})[ \\t]*=[ \\t]*"
              + "([\\x21-\\x7e](?:[\\t\\x20-\\x7e]*[\\x21-\\x7e])?)[ \\t]*");

  private final Map<String, String> values = new HashMap<>();

  private Tags() {}

  /** Whether a text is meant as a record of this version, well-formed or not. */
  static boolean beginWithVersion(String text) {
    return VERSION.matcher(text).lookingAt();
  }

  static Tags of(String text) throws Malformed {
    if (text.length() > SmtpStsRecord.MAX_OCTETS) {
      throw new Malformed("the record is longer than " + SmtpStsRecord.MAX_OCTETS + " octets");
    }
    if (!beginWithVersion(text)) {
      throw new Malformed("the record does not begin with v=STS1: " + Shown.quoted(text));
    }
    // A semicolon is legal in a URI, yet here it is always the separator: write it as %3B.
    String[] fields = text.split(";", -1);
    int last = fields.length - 1;
    Tags tags = new Tags();
    String second = "";
    for (int i = 0; i <= last; i++) {
      if (i == last && BLANK.matcher(fields[i]).matches()) {
        break; // what follows the one separator that may end a record
      }
      Matcher field = FIELD.matcher(fields[i]);
      if (!field.matches()) {
        throw new Malformed("the record has no tag and value in " + Shown.quoted(fields[i]));
      }
      String name = field.group(1).toLowerCase(Locale.ROOT);
      tags.values.putIfAbsent(name, field.group(2));
      if (i == 1) {
        second = name;
      }
    }
    if (!tags.values.getOrDefault("v", "").equals("STS1")) {
      throw new Malformed("the record has no semicolon after v=STS1: " + Shown.quoted(fields[0]));
    }
    if (!second.equals("to")) {
      throw new Malformed(tags.whyToIsMissed());
    }
    return tags;
  }

  /** The value of a tag, not empty, without white space around it. */
  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  private String whyToIsMissed() {
    if (values.containsKey("to")) {
      return "the record's second tag is not to";
    }
    if (values.containsKey("m")) {
      return "the record has m in place of to: it seems to follow the text of late March 2016,"
          + " after draft-margolis-smtp-sts-00";
    }
    if (values.containsKey("id")) {
      return "the record has id and no to: it seems to follow the text of April 2016,"
          + " which became draft-brotman-mta-sts-00";
    }
    return "the record has no to";
  }
}
