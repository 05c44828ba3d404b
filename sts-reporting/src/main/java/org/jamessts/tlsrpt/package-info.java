/**
 * TLSRPT, RFC 8460: what happened to the sessions of a day, kept for those whose policy it was.
 * Whoever delivers mail tells a {@link org.jamessts.tlsrpt.SessionRecorder} of every session;
 * package {@code collect} counts them per policy domain and UTC day (§4.1), and a {@link
 * org.jamessts.tlsrpt.DailyReport} tells of them. Names and spellings are those of §4.3 and §4.4.
 */
@NullMarked
package org.jamessts.tlsrpt;

import org.jspecify.annotations.NullMarked;
