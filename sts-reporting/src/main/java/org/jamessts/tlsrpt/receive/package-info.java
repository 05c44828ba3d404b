/**
 * Reports of others about our domains (RFC 8460 §5), read tolerantly and within bounds: whatever
 * arrives is a stranger's. {@link org.jamessts.tlsrpt.receive.ReportReader} is the one door. What
 * it overlooks has been seen in reports of large senders: {@code mx-host} as a string or an array,
 * times without an offset, no {@code contact-info}, no {@code policy-domain}, no {@code
 * failure-details}, counts as strings, names that nobody knows.
 */
@NullMarked
package org.jamessts.tlsrpt.receive;

import org.jspecify.annotations.NullMarked;
