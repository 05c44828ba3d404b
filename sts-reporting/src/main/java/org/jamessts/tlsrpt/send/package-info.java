/**
 * When reports are sent: after a day has ended, each once, by one server, and again for a while if
 * nobody accepts it (RFC 8460 §4.1, §5.5). A {@link org.jamessts.tlsrpt.send.ReportCourier} takes
 * each to those who want it.
 */
@NullMarked
package org.jamessts.tlsrpt.send;

import org.jspecify.annotations.NullMarked;
