package org.jamessts.dsn;

import java.time.Instant;
import java.util.Optional;

/**
 * What a notification says of one recipient (RFC 3464 §2.3).
 *
 * @param recipient the address as the mail has it; it may hold anything
 * @param original the address as the sender gave it (ORCPT, RFC 3461 §4.2)
 * @param diagnosis why, or what the server said that took the mail
 * @param lastAttempt when delivery was tried last; empty when it never was
 */
public record RecipientStatus(
    String recipient,
    Optional<String> original,
    Diagnosis diagnosis,
    Optional<Instant> lastAttempt) {}
