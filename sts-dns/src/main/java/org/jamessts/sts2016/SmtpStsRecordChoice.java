package org.jamessts.sts2016;

/**
 * What the TXT records at {@code _smtp_sts} say. Only {@link Present} is a policy; neither of the
 * others takes a kept one away.
 */
public sealed interface SmtpStsRecordChoice {

  /** What was found, in words for a person to read; bounded and printable. */
  String reason();

  /**
   * The domain publishes a policy. Whether it is the domain's own is still to be shown ({@link
   * PolicyAuthentication}).
   *
   * @param record its record
   */
  record Present(SmtpStsRecord record) implements SmtpStsRecordChoice {
    @Override
    public String reason() {
      return "the TXT record is a policy with to=" + record.tlsOnly();
    }
  }

  /**
   * The domain publishes none: no record begins with {@code v=STS1}, or more than one does.
   *
   * @param reason for a person to read
   */
  record None(String reason) implements SmtpStsRecordChoice {}

  /**
   * The one record is none by the draft; the domain counts as having no policy.
   *
   * @param reason for a person to read; bounded and printable
   */
  record Invalid(String reason) implements SmtpStsRecordChoice {}
}
