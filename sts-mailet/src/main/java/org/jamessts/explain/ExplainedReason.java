package org.jamessts.explain;

import java.time.Instant;
import java.util.Optional;
import org.jamessts.decide.Explanation;
import org.jamessts.smtp.PrintableText;

/**
 * An {@link Explanation} in texts.
 *
 * @param evidence what was seen, and under which policy
 * @param rule which rule it breaks, and where that stands
 * @param basis on what the verdict rests
 * @param since when that was learned, RFC 3339, where it is kept
 * @param until when it ends, RFC 3339, where it does
 * @param remedy what would unblock the mail
 * @param text all of it in one line, as log, mail attribute and notification have it
 */
public record ExplainedReason(
    String evidence,
    String rule,
    String basis,
    Optional<String> since,
    Optional<String> until,
    String remedy,
    String text) {

  /** The same in texts. */
  public static ExplainedReason of(Explanation why) {
    return new ExplainedReason(
        PrintableText.of(why.evidence()),
        PrintableText.of(why.rule()),
        why.freshness().source(),
        why.freshness().since().map(Instant::toString),
        why.freshness().until().map(Instant::toString),
        why.remedy(),
        PrintableText.of(why.text()));
  }
}
