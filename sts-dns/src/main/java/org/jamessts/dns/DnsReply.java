package org.jamessts.dns;

import java.time.Duration;
import org.xbill.DNS.Record;

/**
 * An answer and how long it may be kept.
 *
 * @param answer what the DNS says
 * @param keep zero when it must not be kept
 */
record DnsReply(DnsAnswer<Record> answer, Duration keep) {}
