package org.jamessts.mtasts;

/**
 * What the TXT records at {@code _mta-sts} say. Only {@link Present} leads on to a policy; neither
 * of the others takes a kept policy away (RFC 8461 §3.1, §5.1).
 */
public sealed interface StsRecordChoice {

  /** What was found, in words for a person to read; bounded and printable. */
  String reason();

  /**
   * The domain announces a policy.
   *
   * @param record its record
   */
  record Present(StsRecord record) implements StsRecordChoice {
    @Override
    public String reason() {
      return "the TXT record announces the policy with id " + record.id();
    }
  }

  /**
   * The domain announces none: no record begins with {@code v=STSv1;}, or more than one does.
   *
   * @param reason for a person to read
   */
  record None(String reason) implements StsRecordChoice {}

  /**
   * The one record is none by the grammar; the domain counts as having no policy available.
   *
   * @param reason for a person to read; bounded and printable
   */
  record Invalid(String reason) implements StsRecordChoice {}
}
