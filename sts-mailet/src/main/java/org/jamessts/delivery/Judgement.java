package org.jamessts.delivery;

import java.time.Instant;
import org.jamessts.decide.Channel;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.decide.Verdict;

/**
 * What was found of a channel, once for all who ask.
 *
 * @param verdict whether mail may go there
 * @param verified whether the host has proved its name
 */
record Judgement(Verdict verdict, boolean verified) {

  /** Judges a channel by what is demanded of it now. */
  static Judgement of(Need need, Channel channel, Instant now) {
    TlsRequirement requirement = need.requirement();
    Verdict verdict = requirement.judge(need.host(), channel, now);
    boolean verified =
        verdict.finding().isEmpty()
            ? requirement.verifies()
            : requirement.isVerified(need.host(), channel, now);
    return new Judgement(verdict, verified);
  }
}
