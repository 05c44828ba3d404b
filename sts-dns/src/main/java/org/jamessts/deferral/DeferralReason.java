package org.jamessts.deferral;

import java.util.Optional;

/**
 * Of which deferred mails somebody wants to know, by the reason for which they wait.
 *
 * @param verdict who refused, as in {@link DeferredMail.Cause}; empty for all
 * @param resultType likewise
 */
public record DeferralReason(Optional<String> verdict, Optional<String> resultType) {

  /** All of them. */
  public static final DeferralReason ANY = new DeferralReason(Optional.empty(), Optional.empty());
}
