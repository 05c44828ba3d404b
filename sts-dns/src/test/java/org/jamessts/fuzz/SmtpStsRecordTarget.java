package org.jamessts.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.mtasts.MxPattern.Kind;
import org.jamessts.sts2016.ReportUri;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordChoice;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.jamessts.sts2016.SmtpStsRecordParse.Invalid;
import org.jamessts.sts2016.SmtpStsRecordParse.Parsed;

/** The TXT records at {@code _smtp_sts} (draft-margolis-smtp-sts-00 §3). */
public final class SmtpStsRecordTarget {

  private SmtpStsRecordTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
    if (Texts.isChosen(input) && input.length > 0) {
      readsItLong(input, 1);
      readsItLong(input, input.length);
    }
  }

  static boolean reads(byte[] input) {
    List<String> texts = Texts.records(input);
    List<String> candidates = texts.stream().filter(SmtpStsRecordTarget::isMeant).toList();
    SmtpStsRecordChoice choice = SmtpStsRecord.select(texts);
    Claims.isReason(choice.reason());
    boolean present = false;
    for (String text : texts) {
      SmtpStsRecordParse parse = SmtpStsRecord.parse(text);
      checkOne(text, parse);
      if (candidates.equals(List.of(text))) {
        Claims.equal(choice, chosen(parse), "the choice");
        present = parse instanceof Parsed;
      }
    }
    Claims.that(
        choice instanceof SmtpStsRecordChoice.None == (candidates.size() != 1),
        () -> candidates.size() + " are meant: " + choice);
    return present;
  }

  private static SmtpStsRecordChoice chosen(SmtpStsRecordParse parse) {
    return parse instanceof Parsed parsed
        ? new SmtpStsRecordChoice.Present(parsed.record())
        : new SmtpStsRecordChoice.Invalid(((Invalid) parse).reason());
  }

  /** Whether a text begins with the version, and then ends or goes on with a blank or semicolon. */
  private static boolean isMeant(String text) {
    Cursor in = new Cursor(text);
    boolean tag = in.skip("v") || in.skip("V");
    in.skipBlanks();
    boolean equalsSign = in.skip("=");
    in.skipBlanks();
    boolean version = in.skip("STS1");
    String next = in.take(c -> true);
    return tag
        && equalsSign
        && version
        && (next.isEmpty() || Cursor.isBlank(next.charAt(0)) || next.startsWith(";"));
  }

  private static void checkOne(String text, SmtpStsRecordParse parse) {
    Optional<PlainRecord> plain = PlainRecord.read(text);
    if (parse instanceof Invalid invalid) {
      Claims.isReason(invalid.reason());
      Claims.that(plain.isEmpty(), () -> "a record by the draft: " + invalid.reason());
      return;
    }
    SmtpStsRecord record = ((Parsed) parse).record();
    Claims.equal(Optional.of(PlainRecord.of(record)), plain, "the record");
    Claims.equal(SmtpStsRecord.parse(record.text()), parse, "its text");
    keepsItsPromises(record);
    String spelled = spelled(record);
    Claims.equal(
        SmtpStsRecord.parse(spelled), new Parsed(with(record, spelled)), "written and read");
  }

  private static void keepsItsPromises(SmtpStsRecord record) {
    Claims.areCanonical(record.mx());
    Claims.that(
        record.mx().stream().noneMatch(pattern -> pattern.kind() == Kind.ONE_LABEL),
        () -> "one label only: " + record);
    record.expiry().ifPresent(e -> Claims.that(!e.isNegative(), () -> "it ends before: " + record));
    Claims.that(
        !record.tlsOnly()
            || (!record.mx().isEmpty()
                && record.authentication().isPresent()
                && record.constraint().isPresent()
                && record.expiry().isPresent()),
        () -> "to=true without mx, a, c or e: " + record);
    for (ReportUri uri : record.rua()) {
      String scheme = uri.uri().getScheme().toLowerCase(Locale.ROOT);
      Claims.that(
          scheme.equals("mailto") || scheme.equals("https"), () -> "no reports go to " + uri);
      Claims.that(uri.maxOctets().orElse(0) >= 0, () -> "a size below 0: " + uri);
    }
  }

  /** A record that says the same, with the tags in another order than the draft has them. */
  private static String spelled(SmtpStsRecord record) {
    StringBuilder text = new StringBuilder("V = STS1;TO=" + record.tlsOnly());
    if (!record.rua().isEmpty()) {
      text.append(";rua=").append(joined(record.rua().stream().map(PlainReportUris::of)));
    }
    record.expiry().ifPresent(e -> text.append(" ; e=").append(e.toSeconds()));
    record.constraint().ifPresent(c -> text.append(";\tC=").append(c));
    record.authentication().ifPresent(a -> text.append("; a=").append(a));
    if (!record.mx().isEmpty()) {
      text.append(";mx=").append(joined(record.mx().stream().map(PlainRecord::spelled)));
    }
    return text.append("; ").toString();
  }

  private static String joined(Stream<String> texts) {
    return texts.collect(Collectors.joining(","));
  }

  private static SmtpStsRecord with(SmtpStsRecord record, String text) {
    return new SmtpStsRecord(
        record.tlsOnly(),
        record.mx(),
        record.authentication(),
        record.constraint(),
        record.expiry(),
        record.rua(),
        text);
  }

  private static void readsItLong(byte[] input, int repeated) {
    byte[] text = Texts.stretched(input, repeated, SmtpStsRecord.MAX_OCTETS);
    Texts.inTime(() -> SmtpStsRecord.select(Texts.records(text)));
  }
}
