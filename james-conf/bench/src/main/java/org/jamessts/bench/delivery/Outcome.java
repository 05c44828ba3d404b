package org.jamessts.bench.delivery;

/**
 * What one run came to.
 *
 * @param mailsPerSecond at the sink
 * @param cpuMillis processor time of the James process for each mail
 * @param connections for all mails, the first included
 * @param mostAtOnce conversations that waited for the reply to content at the same moment
 * @param handshakes of all connections
 * @param peakOctets memory of the process at its highest
 */
record Outcome(
    double mailsPerSecond,
    double cpuMillis,
    long connections,
    long mostAtOnce,
    long handshakes,
    long peakOctets) {}
