package org.jamessts.tlsrpt;

/**
 * How a session failed: one of the {@code failure-details} of RFC 8460 §4.4, before counting.
 *
 * @param type the kind of failure
 * @param peers who talked to whom
 * @param reason {@code failure-reason-code}: evidence in words
 */
public record SessionFailure(ResultType type, SessionPeers peers, String reason) {}
