package org.jamessts.tasks;

import java.time.Instant;
import java.util.List;
import org.apache.james.task.TaskExecutionDetails.AdditionalInformation;
import org.jamessts.whatif.Answer;
import org.jamessts.whatif.Judgement;
import org.jamessts.whatif.Judgement.Outcome;
import org.jamessts.whatif.Question;

/**
 * What a task has found so far.
 *
 * @param timestamp when that was
 * @param scenario under which rules
 * @param days how many days of mail and sessions count
 * @param domains how many are judged; 0 before that is known
 * @param delivered of how many the mail would be delivered, as far as policies go
 * @param deferred of how many it would wait
 * @param notKnown of how many nothing tells
 * @param unroutable to how many no mail goes, under any rules
 * @param firstDeferred some of those whose mail would wait; the answer has more
 * @param problem why nothing was judged, in words; else empty
 * @param answer where the rest is: on the server that has run the task
 */
public record WhatIfInformation(
    Instant timestamp,
    String scenario,
    int days,
    long domains,
    long delivered,
    long deferred,
    long notKnown,
    long unroutable,
    List<Deferred> firstDeferred,
    String problem,
    String answer)
    implements AdditionalInformation {

  private static final int SHOWN = 100;

  public WhatIfInformation {
    firstDeferred = List.copyOf(firstDeferred);
  }

  /**
   * A domain whose mail would wait.
   *
   * @param domain in A-labels
   * @param reasons why
   */
  public record Deferred(String domain, List<String> reasons) {
    public Deferred {
      reasons = List.copyOf(reasons);
    }

    static Deferred of(Judgement judgement) {
      return new Deferred(judgement.domain().value(), judgement.reasons());
    }
  }

  static WhatIfInformation of(Question question, Answer answer, String problem, Instant now) {
    return new WhatIfInformation(
        now,
        question.scenario().describe(),
        question.days(),
        answer.asked(),
        answer.count(Outcome.DELIVERED),
        answer.count(Outcome.DEFERRED),
        answer.count(Outcome.NOT_KNOWN),
        answer.count(Outcome.UNROUTABLE),
        answer.page(Outcome.DEFERRED, 0, SHOWN).stream().map(Deferred::of).toList(),
        problem,
        answer.id());
  }
}
