package org.jamessts.sts2016;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;

/**
 * The policy of a domain in its TXT record (-00 §3). Text and value are one object: the text is
 * what an HTTPS resource must repeat (§3.3) and what a report quotes (§4).
 *
 * @param tlsOnly the tag {@code to}: whether mail is to be delivered only as the policy says; if
 *     not, failures are reported and mail goes on
 * @param mx which hosts may receive mail; empty when the record does not say
 * @param authentication how the record can be shown to be the domain's own
 * @param constraint what the certificate of an MX host must satisfy
 * @param expiry the tag {@code e}: how long the policy may be kept, counted from its fetch; 0 to
 *     9999999999 seconds
 * @param rua where reports may be sent; empty when nowhere
 * @param text the record as found, its strings joined
 */
public record SmtpStsRecord(
    boolean tlsOnly,
    List<MxPattern> mx,
    Optional<PolicyAuthentication> authentication,
    Optional<Constraint> constraint,
    Optional<Duration> expiry,
    List<ReportUri> rua,
    String text) {

  /** The label below which a domain publishes: two underscores, no hyphen (-00 §3). */
  public static final String LABEL = "_smtp_sts";

  /** The largest text that is read: 64 KiB, as RFC 8461 §3.3 suggests for a policy. */
  public static final int MAX_OCTETS = 65_536;

  /** Refuses what asks for TLS without saying what that means. */
  public SmtpStsRecord {
    mx = List.copyOf(mx);
    rua = List.copyOf(rua);
    if (tlsOnly
        && (mx.isEmpty() || authentication.isEmpty() || constraint.isEmpty() || expiry.isEmpty())) {
      throw new IllegalArgumentException("to=true needs mx, a, c and e");
    }
  }

  /**
   * Finds the one record of the draft among the TXT records of {@code _smtp_sts}.
   *
   * @param texts each record as one text, its strings joined without a separator
   * @return the record, or why there is none to follow
   */
  public static SmtpStsRecordChoice select(List<String> texts) {
    // The draft is silent about several records; RFC 8461 §3.1 is not.
    List<String> candidates = texts.stream().filter(Tags::beginWithVersion).toList();
    if (candidates.size() != 1) {
      return new SmtpStsRecordChoice.None(
          (candidates.isEmpty() ? "no TXT record begins" : candidates.size() + " TXT records begin")
              + " with v=STS1");
    }
    try {
      return new SmtpStsRecordChoice.Present(SmtpStsRecordParser.read(candidates.get(0)));
    } catch (Malformed e) {
      return new SmtpStsRecordChoice.Invalid(e.reason());
    }
  }

  /**
   * Reads a record.
   *
   * @param text its strings joined without a separator, or the body that must equal it
   * @return the record, or what is wrong with it; nothing is thrown
   */
  public static SmtpStsRecordParse parse(String text) {
    try {
      return new SmtpStsRecordParse.Parsed(SmtpStsRecordParser.read(text));
    } catch (Malformed e) {
      return new SmtpStsRecordParse.Invalid(e.reason());
    }
  }

  /**
   * Whether the name of an MX record is expected. A record without {@code mx}, which only {@code
   * to=false} can have, expects any.
   */
  public boolean covers(DomainName mxHost) {
    return mx.isEmpty() || MxPattern.anyMatches(mx, mxHost);
  }
}
