package org.jamessts.sts2016;

import org.jamessts.sts2016.SmtpStsRecordParse.Parsed;

/** Texts that the tests of this package begin from. */
final class Records {

  /** Every tag of the draft, as its prose spells them. */
  static final String FULL =
      "v=STS1; to=true; mx=*.example.com,mx.example.net;"
          + " a=webpki:https://example.com/.well-known/smtp-sts/current;"
          + " c=webpki; e=1209600; rua=mailto:sts@example.com!10m";

  /** The strings of Appendix 2, joined: the second ends with a blank. */
  static final String APPENDIX_2 = "v=STS1; to=false; " + "rua=mailto:sts-feedback@example.com ";

  private Records() {}

  static SmtpStsRecord parsed(String text) {
    return ((Parsed) SmtpStsRecord.parse(text)).record();
  }

  /** A record that is valid with {@code to=false}, and the tags. */
  static String reportOnly(String tags) {
    return "v=STS1; to=false; " + tags;
  }
}
