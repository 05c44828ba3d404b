package org.jamessts.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;

/** Policies as if they had been fetched. */
public final class SamplePolicies {

  private SamplePolicies() {}

  /** An enforced policy that is kept for a week. */
  public static KnownMtaStsPolicy policy(String domain, Instant fetchedAt) {
    return policy(domain, "1", 604_800, fetchedAt);
  }

  /** An enforced policy. */
  public static KnownMtaStsPolicy policy(String domain, String id, long maxAge, Instant fetchedAt) {
    return new KnownMtaStsPolicy(name(domain), id, parse(text(domain, maxAge)), fetchedAt);
  }

  /** A policy that asks for nothing. */
  public static KnownMtaStsPolicy none(String domain, long maxAge, Instant fetchedAt) {
    String text = text(domain, maxAge).replace("enforce", "none");
    return new KnownMtaStsPolicy(name(domain), "1", parse(text), fetchedAt);
  }

  /** A policy of which only reports tell. */
  public static KnownMtaStsPolicy testing(String domain, Instant fetchedAt) {
    String text = text(domain, 604_800).replace("enforce", "testing");
    return new KnownMtaStsPolicy(name(domain), "1", parse(text), fetchedAt);
  }

  private static String text(String domain, long maxAge) {
    return "version: STSv1\r\nmode: enforce\r\nmx: *."
        + domain
        + "\r\nx-note: naïve ☃\nmax_age: "
        + maxAge
        + "\n";
  }

  /** A policy of the draft of 2016 that holds mail back. */
  public static KnownDraftPolicy draft(
      String domain, Standing standing, long expiry, Instant fetchedAt) {
    String text =
        "v=STS1; to=true; mx=*.%1$s; a=webpki:https://%1$s/sts; c=webpki; e=%2$d"
            .formatted(domain, expiry);
    SmtpStsRecord record = ((SmtpStsRecordParse.Parsed) SmtpStsRecord.parse(text)).record();
    return new KnownDraftPolicy(
        name(domain), record, standing, fetchedAt, fetchedAt.plusSeconds(expiry));
  }

  private static StsPolicy parse(String text) {
    return ((StsPolicyParse.Parsed) StsPolicy.parse(text.getBytes(UTF_8))).policy();
  }

  /** A name that is one. */
  public static DomainName name(String domain) {
    try {
      return DomainName.parse(domain);
    } catch (InvalidDomainNameException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
