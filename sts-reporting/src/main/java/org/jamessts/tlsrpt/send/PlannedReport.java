package org.jamessts.tlsrpt.send;

import java.time.Instant;
import java.time.LocalDate;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.ReportId;

/**
 * A report, and how far it has come.
 *
 * @param day of UTC
 * @param domain whose sessions it tells of
 * @param id the same for each attempt
 * @param state what has become of it
 * @param planned when it was to be tried first
 * @param due when it is tried next, or, while a server tries it, when that one has to have done so;
 *     once all is over, when that was
 * @param attempts how many have been made
 * @param outcome of the last attempt, in words; empty before
 */
public record PlannedReport(
    LocalDate day,
    DomainName domain,
    ReportId id,
    ReportState state,
    Instant planned,
    Instant due,
    int attempts,
    String outcome) {}
