package org.jamessts.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jamessts.harness.DkimKey;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.ReportAttachment;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;

/** The TLS reports about the demo's domains (RFC 8460), which all go to one mailbox. */
final class DailyReports {

  private static final String MAILBOX = "tls-reports@reports.test";
  private static final String MX = "mx.reports.test";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** So long nothing more arrives when all have. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  /** Whose report is printed. */
  static final String PRINTED = Demo.REPAIRED;

  private final PrivateInternet internet;

  DailyReports(PrivateInternet internet) {
    this.internet = internet;
  }

  /** Has the domains want reports, and the server sign and send them. */
  void prepare(List<Scenario> scenarios, JamesLauncher launcher, Path workingDirectory)
      throws IOException {
    DkimKey key = DkimKey.create("sender.test");
    key.write(workingDirectory.resolve("conf/dkim.pem"));
    internet.dns().txt(key.recordName(), key.recordStrings());
    internet.goodMx("reports.test", 10, MX);
    for (Scenario scenario : scenarios) {
      internet.dns().txt("_smtp._tls." + scenario.domain(), "v=TLSRPTv1; rua=mailto:" + MAILBOX);
    }
    launcher
        .edit("mailetcontainer.xml", key::signing)
        .edit(
            "sts.properties",
            text ->
                text
                    + """
                    reports.organization=The demo
                    reports.contact=tls-reports@sender.test
                    """);
  }

  /**
   * Waits until all reports have arrived, and writes them into a directory.
   *
   * @return their files
   */
  List<Path> await(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int before;
    do {
      before = received().size();
      Thread.sleep(QUIET.toMillis());
    } while ((before == 0 || before < received().size()) && System.nanoTime() < deadline);
    for (ReceivedMail mail : received()) {
      ReportAttachment file = ReportAttachment.of(mail);
      Files.write(directory.resolve(file.name().replaceFirst("\\.gz$", "")), file.inflated());
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private List<ReceivedMail> received() {
    return internet.receivedFor(MAILBOX);
  }

  /** What a person reads of them. */
  static String told(List<Path> files) throws IOException {
    Predicate<Path> printed = file -> file.getFileName().toString().contains("!" + PRINTED + "!");
    StringBuilder text =
        new StringBuilder(
            Table.paragraph(
                ("James was started again, as if a day had passed: it sent %d TLS reports (RFC 8460),"
                        + " signed, one to each domain that it had met. The one of %s:")
                    .formatted(files.size(), PRINTED)));
    for (Path file : files.stream().filter(printed).toList()) {
      text.append("\n\n").append(Files.readString(file, UTF_8));
    }
    return text.append("\n").toString();
  }
}
