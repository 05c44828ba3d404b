package org.jamessts.tlsrpt.send;

import java.util.Optional;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionStore;

/**
 * All that counts sessions and reports them, for who looks at it.
 *
 * @param collector counts
 * @param sessions what was counted
 * @param reports how far the reports have come
 * @param suppressions who gets none
 * @param scheduler sends them; none where the operator does not report
 */
public record Reporting(
    SessionCollector collector,
    SessionStore sessions,
    ReportStore reports,
    StoredSuppressions suppressions,
    Optional<ReportScheduler> scheduler) {}
