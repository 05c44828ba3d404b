package org.jamessts.sts2016;

/** What the reading of one text gives. */
public sealed interface SmtpStsRecordParse {

  /**
   * A record of the draft.
   *
   * @param record text and value
   */
  record Parsed(SmtpStsRecord record) implements SmtpStsRecordParse {}

  /**
   * No record.
   *
   * @param reason the first thing that is wrong, for a person to read; bounded and printable
   */
  record Invalid(String reason) implements SmtpStsRecordParse {}
}
