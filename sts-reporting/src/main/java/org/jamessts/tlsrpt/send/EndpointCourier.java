package org.jamessts.tlsrpt.send;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jamessts.https.HttpsPoster;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.discover.EndpointLookup;
import org.jamessts.tlsrpt.discover.ReportDestinations;
import org.jamessts.tlsrpt.discover.ReportEndpoint;
import org.jamessts.tlsrpt.document.DraftReport;
import org.jamessts.tlsrpt.document.JsonReport;
import org.jamessts.tlsrpt.document.ReportFile;
import org.jamessts.tlsrpt.document.Reporter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a report to every place that wants it: the JSON of RFC 8460 to those of the domain's TLSRPT
 * record, the XML of the draft of 2016 to those of its {@code v=STS1} record. One acceptance is
 * enough (RFC 8460 §3): whoever lists two places does not want the first to have it twice because
 * the second is down. Safe for use by many threads.
 */
public final class EndpointCourier implements ReportCourier {

  private static final Logger LOGGER = LoggerFactory.getLogger(EndpointCourier.class);

  private final Reporter reporter;
  private final ReportDestinations destinations;
  private final HttpsPoster poster;
  private final ReportMailer mailer;
  private final Suppressions suppressions;

  /**
   * @param reporter who reports
   * @param destinations knows the TLSRPT records
   * @param poster for {@code https:}
   * @param mailer for {@code mailto:}
   * @param suppressions who is to get nothing
   */
  public EndpointCourier(
      Reporter reporter,
      ReportDestinations destinations,
      HttpsPoster poster,
      ReportMailer mailer,
      Suppressions suppressions) {
    this.reporter = reporter;
    this.destinations = destinations;
    this.poster = poster;
    this.mailer = mailer;
    this.suppressions = suppressions;
  }

  @Override
  public CourierResult take(DailyReport report) throws InterruptedException {
    Attempt attempt = new Attempt(report);
    if (JsonReport.tellsOf(report)) {
      takeJson(attempt);
    }
    for (DraftReport draft : DraftReport.of(reporter, report)) {
      for (Map.Entry<ReportEndpoint, OptionalLong> recipient : draft.recipients().entrySet()) {
        OptionalLong maxOctets = recipient.getValue();
        attempt.send(
            ReportFile.ofDraft(reporter, report, draft, maxOctets), recipient.getKey(), maxOctets);
      }
    }
    return attempt.result();
  }

  private void takeJson(Attempt attempt) throws InterruptedException {
    EndpointLookup lookup = destinations.of(attempt.report.policyDomain());
    requireToGoOn();
    if (lookup instanceof EndpointLookup.Found found) {
      ReportFile file = ReportFile.ofJson(reporter, attempt.report);
      for (ReportEndpoint endpoint : found.endpoints()) {
        attempt.send(file, endpoint, OptionalLong.empty());
      }
    } else if (lookup instanceof EndpointLookup.Failed failed) {
      attempt.failed.add(failed.reason());
    } else if (lookup instanceof EndpointLookup.Malformed malformed) {
      attempt.unwanted.add(malformed.reason());
    } else if (lookup instanceof EndpointLookup.Absent absent) {
      attempt.unwanted.add(absent.reason());
    }
  }

  /** DNS and HTTPS leave the mark; to go on would send what is left while the server stops. */
  private static void requireToGoOn() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("while a report was taken to those who want it");
    }
  }

  /** One attempt at one report: what each place said. */
  private final class Attempt {
    private final DailyReport report;
    private final List<String> accepted = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final List<String> unwanted = new ArrayList<>();

    Attempt(DailyReport report) {
      this.report = report;
    }

    void send(ReportFile file, ReportEndpoint endpoint, OptionalLong maxOctets)
        throws InterruptedException {
      if (suppressions.suppressesEndpoint(endpoint.toString())) {
        unwanted.add(endpoint + " is suppressed");
      } else if (file.content().length > maxOctets.orElse(Long.MAX_VALUE)) {
        unwanted.add(
            "%s takes %d octets, the report has %d"
                .formatted(endpoint, maxOctets.orElse(0), file.content().length));
      } else if (endpoint instanceof ReportEndpoint.Mailbox mailbox) {
        mail(file, mailbox);
      } else if (endpoint instanceof ReportEndpoint.Resource resource) {
        post(file, resource);
      }
    }

    private void mail(ReportFile file, ReportEndpoint.Mailbox mailbox) {
      try {
        mailer.send(new ReportMail(reporter, mailbox, report, file));
        accepted.add(mailbox.toString());
      } catch (IOException e) {
        failed.add(mailbox + ": " + e.getMessage());
      }
    }

    private void post(ReportFile file, ReportEndpoint.Resource resource)
        throws InterruptedException {
      HttpsPoster.Outcome outcome =
          poster.post(
              resource.host(),
              resource.port(),
              resource.target(),
              file.mediaType(),
              file.content());
      requireToGoOn();
      if (outcome instanceof HttpsPoster.Outcome.Failed why) {
        failed.add(resource + ": " + why.reason());
      } else {
        accepted.add(resource.toString());
      }
    }

    CourierResult result() {
      if (!accepted.isEmpty()) {
        if (!failed.isEmpty()) {
          LOGGER.info(
              "report {} of {} to {}: accepted by {}, not by {}",
              report.id(),
              report.day(),
              report.policyDomain(),
              accepted,
              failed);
        }
        return new CourierResult.Accepted(String.join(", ", accepted));
      }
      if (!failed.isEmpty()) {
        return new CourierResult.Failed(String.join("; ", failed));
      }
      return new CourierResult.NotWanted(
          unwanted.isEmpty() ? "nobody asks for what happened" : String.join("; ", unwanted));
    }
  }
}
