package org.jamessts.reports;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.jdkim.mailets.DKIMSign;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.ReportId;
import org.jamessts.tlsrpt.discover.ReportEndpoint.Mailbox;
import org.jamessts.tlsrpt.document.ReportFile;
import org.jamessts.tlsrpt.send.ReportMail;
import org.jamessts.tlsrpt.testing.SampleReports;

/**
 * Mails with reports, and James's own mailet that signs them.
 *
 * @param keys RSA
 */
record ReportSigner(KeyPair keys) {

  /** Where the public key is looked up. */
  static final String KEY = "s1._domainkey.ours.example";

  /** What {@code DKIMSign} is told. */
  static final String TEMPLATE = template("ours.example");

  static ReportSigner create() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return new ReportSigner(generator.generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String template(String domain) {
    return "v=1; s=s1; d="
        + domain
        + "; h=from:to:subject:date:message-id:tls-report-domain:tls-report-submitter;"
        + " a=rsa-sha256; c=relaxed/relaxed; bh=; b=;";
  }

  /** The TXT record with the public key. */
  String record() {
    return "v=DKIM1; k=rsa; p=" + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
  }

  /** A mail with a report that nobody has had before. */
  static byte[] report(String recipientsDomain) {
    DailyReport sample = SampleReports.report(SampleReports.sts());
    DailyReport report =
        new DailyReport(ReportId.fresh(), sample.day(), sample.policyDomain(), sample.policies());
    return new ReportMail(
            SampleReports.REPORTER,
            new Mailbox("tls", new DomainName(recipientsDomain)),
            report,
            ReportFile.ofJson(SampleReports.REPORTER, report))
        .toOctets(Instant.now());
  }

  /** A mail as James would have it. */
  static FakeMail mail(byte[] octets) throws Exception {
    return FakeMail.builder()
        .name("mail-1")
        .sender("tls-reports@ours.example")
        .recipients("tls@example.com")
        .mimeMessage(new MimeMessage((Session) null, new ByteArrayInputStream(octets)))
        .build();
  }

  /** The mail as it looks to who receives it. */
  byte[] sign(byte[] octets, String template) throws Exception {
    FakeMail mail = mail(octets);
    DKIMSign signer = new DKIMSign();
    signer.init(
        FakeMailetConfig.builder()
            .mailetName("DKIMSign")
            .mailetContext(FakeMailContext.defaultContext())
            .setProperty("signatureTemplate", template)
            .setProperty(
                "privateKey",
                "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n")
            .build());
    signer.service(mail);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    mail.getMessage().writeTo(sent);
    return sent.toByteArray();
  }
}
