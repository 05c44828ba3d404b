package org.jamessts.demo;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateInternet;

/** What a person reads. */
final class Report {

  private Report() {}

  /** The table, with what one must know to read it. */
  static String of(List<Row> rows) {
    Table table =
        new Table("domain", "what it publishes", "what James meets there", "what arrived", "");
    for (Row row : rows) {
      Scenario scenario = row.scenario();
      table.row(
          scenario.domain(),
          scenario.promise(),
          scenario.situation(),
          row.arrived(),
          row.isRight() ? "right" : "WRONG");
      table.note(row.why());
      if (!row.isRight()) {
        table.note("what must arrive: " + scenario.expected());
      }
    }
    return String.join("\n\n", introduction(), table.toString(), summary(rows)) + "\n";
  }

  private static String introduction() {
    return Table.paragraph(
            "James was handed one mail for each of these domains. Under an MTA-STS policy in mode"
                + " \"enforce\" a mail may only leave over TLS, to a host that the policy lists and whose"
                + " certificate is valid for it; \"testing\" lets it go and notes what is wrong; \"none\""
                + " asks for nothing. Of the SMTP STS draft of 2016 (\"draft\"), to=true is like"
                + " \"enforce\" once the domain has vouched for it and a mail has met it, and to=false is"
                + " like \"testing\".")
        + "\n"
        + Table.paragraph(
            "What is below \"example\" is signed with DNSSEC, what is below \"test\" is not. Where the"
                + " MX records of a domain and the TLSA records of a host are proven, mail may only leave"
                + " to a host whose certificate matches (DANE, RFC 7672); records that cannot be used ask"
                + " for TLS alone. A domain that has a policy too wants both.")
        + "\n"
        + Table.paragraph(
            "\"What arrived\" was counted at the domain's own servers. The line below is what"
                + " james-sts says it did, and why.");
  }

  private static String summary(List<Row> rows) {
    return Table.paragraph(
        "%d of %d rows are what the standards say. %d mails arrived, %d wait in the deferral store for a"
                .formatted(
                    rows.stream().filter(Row::isRight).count(),
                    rows.size(),
                    rows.stream().filter(row -> !row.received().isEmpty()).count(),
                    outcomes(rows, "deferred"))
            + " later try, %d went back to the sender.".formatted(outcomes(rows, "bounced")));
  }

  static long outcomes(List<Row> rows, String outcome) {
    return rows.stream()
        .flatMap(row -> row.verdict().stream())
        .filter(verdict -> verdict.outcome().equals(outcome))
        .count();
  }

  /** What became of the mail whose destination was repaired. */
  static String repaired(boolean arrived) {
    return Table.paragraph(
            "Then %s got a valid certificate, and the mail that waited for it %s."
                .formatted(Demo.REPAIRED, arrived ? "arrived over TLS" : "DID NOT ARRIVE"))
        + "\n";
  }

  /** Where to look while everything is still running; docs/operate.md uses the same variables. */
  static String howToLookAround(PrivateInternet internet, JamesProcess james) {
    Path directory = james.workingDirectory();
    return String.join(
        "\n",
        "Everything is still running; Ctrl-C ends it, and leaves the log. In a shell of your own:",
        "",
        "webadmin=" + james.webadmin(),
        "log=" + directory.resolve("logs/james.log"),
        "",
        "  known policies     curl -sS $webadmin/sts/policies",
        "  downgrade alarms   curl -sS $webadmin/sts/alarms",
        "  sessions           curl -sS $webadmin/sts/sessions/"
            + LocalDate.now(ZoneOffset.UTC).minusDays(1),
        "  TLS reports        ls " + directory.resolve("reports"),
        "  health             curl -sS $webadmin/healthcheck",
        "  waiting mails      curl -sS $webadmin/sts/deferred",
        "  ... and why        grep outcome=deferred $log",
        "  ... try them now   curl -sS -X POST"
            + " \"$webadmin/sts/deferred?action=flush&domain=expired.test\"",
        "  send a mail        printf 'Subject: hello\\r\\n\\r\\nHello.\\r\\n' | curl -sS -T - --mail-from "
            + Demo.SENDER
            + " --mail-rcpt bob@good.test smtp://127.0.0.1:"
            + james.smtp().getPort(),
        "  the DNS server     127.0.0.1:" + internet.dns().address().getPort(),
        "  configuration      " + directory.resolve("conf"));
  }
}
