package org.jamessts.webadmin;

import org.jamessts.deferral.DeferralCount;

/**
 * How many mails wait for a domain and a reason, as JSON.
 *
 * @param domain in A-labels; the gateway's, where mail goes by one
 * @param verdict who refused: {@code policy}, {@code reply}, {@code unreachable} and so on
 * @param resultType RFC 8460 §4.3; empty where no policy held them
 * @param mails how many
 * @param octets how large they are together
 * @param since when the first was deferred last, RFC 3339
 * @param nextAttempt when the next one is due, RFC 3339
 */
record DeferralCountDto(
    String domain,
    String verdict,
    String resultType,
    long mails,
    long octets,
    String since,
    String nextAttempt) {

  static DeferralCountDto of(DeferralCount count) {
    return new DeferralCountDto(
        count.domain(),
        count.verdict(),
        count.resultType(),
        count.mails(),
        count.octets(),
        count.since().toString(),
        count.nextAttempt().toString());
  }
}
