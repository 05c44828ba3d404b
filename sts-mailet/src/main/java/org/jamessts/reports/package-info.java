/**
 * Reports as mail, in James's terms (RFC 8460 §5.3). {@link org.jamessts.reports.JamesReportMailer}
 * puts those that we write into James, each with a {@link org.jamessts.reports.ReportMark} by which
 * our mailet knows them again. {@link org.jamessts.reports.TlsReportMailet} takes those that others
 * write about domains of ours: {@link org.jamessts.reports.ReportParts} finds them in a mail, and
 * {@link org.jamessts.reports.SignedBy} says who vouches for it.
 */
@NullMarked
package org.jamessts.reports;

import org.jspecify.annotations.NullMarked;
