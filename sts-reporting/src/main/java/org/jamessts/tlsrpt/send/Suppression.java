package org.jamessts.tlsrpt.send;

import java.time.Instant;

/**
 * What the operator says of whom nothing is to be sent to.
 *
 * @param target to whom
 * @param ends from when on it holds no more
 * @param changedBy who has said so last
 * @param changedAt when
 */
public record Suppression(
    SuppressionTarget target, Instant ends, String changedBy, Instant changedAt) {}
