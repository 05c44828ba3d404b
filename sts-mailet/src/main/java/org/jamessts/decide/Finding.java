package org.jamessts.decide;

import org.jamessts.tlsrpt.ResultType;

/**
 * Something that is wrong with a host or its channel, whether or not it stops the mail.
 *
 * @param type what a report calls it (RFC 8460 §4.3)
 * @param code what a sender is told if the mail is stopped
 * @param explanation rule and evidence, for a person to read; one line
 */
public record Finding(ResultType type, FailureCode code, String explanation) {}
