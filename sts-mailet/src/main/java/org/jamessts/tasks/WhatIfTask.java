package org.jamessts.tasks;

import java.time.Clock;
import java.util.Optional;
import org.apache.james.task.AsyncSafeTask;
import org.apache.james.task.TaskExecutionDetails.AdditionalInformation;
import org.apache.james.task.TaskType;
import org.jamessts.store.StoreException;
import org.jamessts.whatif.Answer;
import org.jamessts.whatif.Answers;
import org.jamessts.whatif.Question;
import org.jamessts.whatif.WhatIf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges what would become of mail under other rules. What it found may be read while it runs. */
public final class WhatIfTask implements AsyncSafeTask {

  static final TaskType TYPE = TaskType.of("sts-what-if");

  private static final Logger LOGGER = LoggerFactory.getLogger(WhatIfTask.class);

  private final WhatIf whatIf;
  private final Question question;
  private final Answer answer = new Answer();
  private final Clock clock;
  private volatile String problem = "";

  /**
   * Nothing is judged yet.
   *
   * @param whatIf judges
   * @param answers keeps what is found
   * @param question about whom, under which rules
   * @param clock tells how old it is what the task tells
   */
  public WhatIfTask(WhatIf whatIf, Answers answers, Question question, Clock clock) {
    this.whatIf = whatIf;
    this.question = question;
    this.clock = clock;
    answers.keep(answer);
  }

  @Override
  public Result run() throws InterruptedException {
    try {
      whatIf.judge(question, answer);
      return Result.COMPLETED;
    } catch (StoreException e) {
      LOGGER.warn("nothing was judged: {}", e.reason());
      problem = e.reason();
      return Result.PARTIAL;
    }
  }

  @Override
  public TaskType type() {
    return TYPE;
  }

  @Override
  public Optional<AdditionalInformation> details() {
    return Optional.of(WhatIfInformation.of(question, answer, problem, clock.instant()));
  }

  Question question() {
    return question;
  }
}
