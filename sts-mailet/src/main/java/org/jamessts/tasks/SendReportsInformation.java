package org.jamessts.tasks;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.james.task.TaskExecutionDetails.AdditionalInformation;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.send.ReportStore.Progress;

/**
 * How far the reports of a day have come.
 *
 * @param timestamp when that was
 * @param day whose
 * @param domain of one domain only
 * @param progress of all of them, also of those that were sent before
 * @param problem why nobody knows, in words; else empty
 */
record SendReportsInformation(
    Instant timestamp,
    LocalDate day,
    Optional<DomainName> domain,
    Progress progress,
    String problem)
    implements AdditionalInformation {}
