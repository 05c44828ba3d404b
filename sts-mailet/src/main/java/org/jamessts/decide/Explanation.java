package org.jamessts.decide;

/**
 * Why mail waits, fails or would: the same in the log, in a mail's attributes, in notifications and
 * in answers to the operator.
 *
 * @param evidence what was seen, and under which policy; strangers contribute to it, and it is cut
 *     when long
 * @param rule which rule it breaks, and where that stands
 * @param freshness how old that is on which the verdict rests
 * @param remedy what would unblock the mail
 */
public record Explanation(String evidence, String rule, Freshness freshness, String remedy) {

  /** The other parts, which are ours, are to be seen whatever strangers have written. */
  private static final int MAX_EVIDENCE = 1_200;

  public Explanation {
    evidence =
        evidence.length() <= MAX_EVIDENCE ? evidence : evidence.substring(0, MAX_EVIDENCE) + "...";
  }

  /** The same with a remark on the evidence. */
  public Explanation noting(String remark) {
    return new Explanation(evidence + " (" + remark + ")", rule, freshness, remedy);
  }

  /** All of it in one line: the evidence first, and in brackets the rest. */
  public String text() {
    return evidence
        + " [rule: "
        + rule
        + "; basis: "
        + freshness.text()
        + "; remedy: "
        + remedy
        + "]";
  }
}
