/**
 * Who wants reports about a domain, and where: the TXT record of RFC 8460 §3. {@link
 * org.jamessts.tlsrpt.discover.TlsRptRecord} reads one, {@link
 * org.jamessts.tlsrpt.discover.ReportDestinations} asks the DNS for it, and {@link
 * org.jamessts.tlsrpt.discover.ReportEndpoint} is a place that takes reports.
 *
 * <p>That a domain wants none, that its record is none by the grammar, and that nobody could tell
 * are three answers.
 */
@NullMarked
package org.jamessts.tlsrpt.discover;

import org.jspecify.annotations.NullMarked;
