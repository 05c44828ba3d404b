package org.jamessts.deferral;

import java.time.Instant;

/**
 * How many mails wait for one domain and one reason.
 *
 * @param domain as in {@link DeferredMail.Cause}
 * @param verdict likewise
 * @param resultType likewise
 * @param mails how many
 * @param octets how large their contents are together
 * @param since when the first of them was deferred last
 * @param nextAttempt when the first of them is due
 */
public record DeferralCount(
    String domain,
    String verdict,
    String resultType,
    long mails,
    long octets,
    Instant since,
    Instant nextAttempt) {}
