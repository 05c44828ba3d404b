package org.jamessts.webadmin;

import org.jamessts.deferral.DeferredMail;

/**
 * A mail that waits, as JSON.
 *
 * @param name of the mail, as in the log
 * @param queue to which it goes when it is due
 * @param verdict as in {@link DeferralCountDto}
 * @param resultType likewise
 * @param explanation code and reason
 * @param deferredAt since when it waits, RFC 3339
 * @param nextAttempt when it is due, or its claim ends, RFC 3339
 */
record DeferredMailDto(
    String name,
    String queue,
    String verdict,
    String resultType,
    String explanation,
    String deferredAt,
    String nextAttempt) {

  static DeferredMailDto of(DeferredMail mail) {
    return new DeferredMailDto(
        mail.name(),
        mail.queue(),
        mail.cause().verdict(),
        mail.cause().resultType(),
        mail.cause().explanation(),
        mail.deferredAt().toString(),
        mail.due().toString());
  }
}
