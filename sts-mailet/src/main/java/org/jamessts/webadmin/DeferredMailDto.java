package org.jamessts.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import org.jamessts.deferral.DeferredMail;

/**
 * A mail that waits, as JSON.
 *
 * @param name of the mail, as in the log
 * @param queue to which it goes when it is due
 * @param verdict as in {@link DeferralCountDto}
 * @param resultType likewise
 * @param explanation code and reason
 * @param arrivedAt when it came here, RFC 3339; absent when not known
 * @param deferredAt when it was deferred last, RFC 3339
 * @param nextAttempt when it is due, or its claim ends, RFC 3339
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record DeferredMailDto(
    String name,
    String queue,
    String verdict,
    String resultType,
    String explanation,
    Optional<String> arrivedAt,
    String deferredAt,
    String nextAttempt) {

  static DeferredMailDto of(DeferredMail mail, Optional<Instant> arrival) {
    return new DeferredMailDto(
        mail.name(),
        mail.queue(),
        mail.cause().verdict(),
        mail.cause().resultType(),
        mail.cause().explanation(),
        arrival.map(Instant::toString),
        mail.deferredAt().toString(),
        mail.due().toString());
  }
}
