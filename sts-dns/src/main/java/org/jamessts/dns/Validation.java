package org.jamessts.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import org.jamessts.dns.DnsAnswer.Failure;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;

/**
 * One answer while it is validated. dnsjava asks for keys on whatever thread it has and hands the
 * executor of the lookup through to whoever answers; that executor is this, so that the questions
 * of a lookup come back to it: they are asked on the thread that waits for the answer, until its
 * deadline, and are counted.
 */
final class Validation implements Executor {

  /** A name has a handful of zones above it, and a chain of aliases leads through a few. */
  private static final int MAX_QUESTIONS = 60;

  /** Asks one question. */
  @FunctionalInterface
  interface Source {
    Message ask(DnsQuestion question, Deadline deadline) throws DnsFailureException;
  }

  private final Source source;
  private final Deadline deadline;
  private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final List<DnsQuestion> asked = new ArrayList<>();
  private Optional<DnsFailureException> failure = Optional.empty();

  Validation(Source source, Deadline deadline) {
    this.source = source;
    this.deadline = deadline;
  }

  /** Called by dnsjava, on any thread. */
  CompletionStage<Message> ask(Record question) {
    CompletableFuture<Message> answer = new CompletableFuture<>();
    DnsQuestion wanted = new DnsQuestion(question.getName(), question.getType());
    work.add(() -> answer(wanted, answer));
    return answer;
  }

  @Override
  public void execute(Runnable command) {
    work.add(command);
  }

  private void answer(DnsQuestion question, CompletableFuture<Message> answer) {
    try {
      asked.add(question);
      if (asked.size() > MAX_QUESTIONS) {
        throw new DnsFailureException(
            Failure.MALFORMED, "over " + MAX_QUESTIONS + " questions to validate one answer");
      }
      answer.complete(source.ask(question, deadline));
    } catch (DnsFailureException e) {
      if (failure.isEmpty()) {
        failure = Optional.of(e);
      }
      answer.completeExceptionally(e);
    }
  }

  /**
   * Works on what the validation needs until it ends.
   *
   * @throws DnsFailureException when it has not ended by the deadline, or breaks
   */
  Message await(CompletionStage<Message> validation) throws DnsFailureException {
    CompletableFuture<Message> result = validation.toCompletableFuture();
    var unused = result.whenComplete((message, thrown) -> work.add(() -> {}));
    while (!result.isDone()) {
      deadline
          .poll(work)
          .orElseThrow(() -> new DnsFailureException(Failure.TIMEOUT, "not validated in time"))
          .run();
    }
    try {
      return result.join();
    } catch (CompletionException e) {
      throw failure.orElseGet(
          () ->
              new DnsFailureException(
                  Failure.MALFORMED, "an answer that cannot be validated: " + e.getCause()));
    }
  }

  /** The first question that got no answer. To dnsjava that is no reason to say so. */
  Optional<DnsFailureException> failure() {
    return failure;
  }

  /** Every question, in order. */
  List<DnsQuestion> asked() {
    return List.copyOf(asked);
  }
}
