package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.james.task.Task;
import org.apache.james.task.TaskId;
import org.apache.james.task.TaskManager;
import org.apache.james.task.TaskNotFoundException;
import org.apache.james.webadmin.tasks.TaskFromRequest;
import org.jamessts.dns.DomainName;
import org.jamessts.json.JsonReader;
import org.jamessts.json.MalformedJsonException;
import org.jamessts.override.Minimum;
import org.jamessts.tasks.WhatIfInformation;
import org.jamessts.tasks.WhatIfTask;
import org.jamessts.whatif.Answer;
import org.jamessts.whatif.Answers;
import org.jamessts.whatif.Judgement;
import org.jamessts.whatif.Judgement.Outcome;
import org.jamessts.whatif.Question;
import org.jamessts.whatif.Scenario;
import org.jamessts.whatif.Scenario.Enforce;
import org.jamessts.whatif.WhatIf;
import spark.Request;
import spark.Response;

/**
 * What would become of mail under other rules: {@code POST /sts/whatIf?action=judge} with {@code
 * dane=on}, {@code enforce=...} or {@code minimum=...} begins a task for the domains to which mail
 * went lately ({@code days}), or for those of the body; {@code GET /sts/whatIf/{taskId}} lists what
 * it has found.
 */
final class WhatIfRoutes implements RouteGroup {

  private static final String BASE = "/sts/whatIf";
  private static final String TASK = ":taskId";
  private static final int DAYS = 7;
  private static final int SMTP = 25;
  private static final int MAX_PORT = 65_535;
  private static final int PAGE = 1_000;

  /** More than a hundred thousand names of usual length have. */
  private static final int MAX_OCTETS = 10_000_000;

  private final WhatIf whatIf;
  private final Answers answers;
  private final TaskManager tasks;
  private final Clock clock;

  /** Called by Guice. */
  @Inject
  WhatIfRoutes(WhatIf whatIf, Answers answers, TaskManager tasks, Clock clock) {
    this.whatIf = whatIf;
    this.answers = answers;
    this.tasks = tasks;
    this.clock = clock;
  }

  @Override
  public void define(Endpoints endpoints) {
    TaskFromRequest judge = this::judge;
    endpoints.postBody(
        BASE, judge.asRoute(tasks), "action", "dane", "enforce", "minimum", "days", "port");
    endpoints.get(BASE + "/" + TASK, this::page, "outcome", "limit", "offset");
  }

  private Task judge(Request request) {
    Parameters.action(request, "judge");
    Question question =
        new Question(
            scenario(request),
            domains(request.bodyAsBytes()),
            Parameters.number(request, "days", DAYS, 1, Question.MAX_DAYS),
            Parameters.number(request, "port", SMTP, 1, MAX_PORT));
    return new WhatIfTask(whatIf, answers, question, clock);
  }

  private static Scenario scenario(Request request) {
    boolean dane = Parameters.choice(request, "dane", List.of("on"), word -> word).isPresent();
    Optional<Enforce> enforce =
        Parameters.choice(request, "enforce", List.of(Enforce.values()), Enforce::keyword);
    Optional<Minimum> minimum =
        Parameters.choice(request, "minimum", List.of(Minimum.values()), Minimum::keyword);
    if (!dane && enforce.isEmpty() && minimum.isEmpty()) {
      throw Refusals.bad(
          "no other rule is given; allowed is at least one of dane=on, enforce, minimum");
    }
    return new Scenario(dane, enforce, minimum);
  }

  /** A JSON array, or a domain a line; nothing where there is no body. */
  private static Optional<List<DomainName>> domains(byte[] body) {
    if (body.length > MAX_OCTETS) {
      throw Refusals.bad(
          "the body has %d octets; allowed are %d".formatted(body.length, MAX_OCTETS));
    }
    String text = new String(body, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = text.startsWith("[") ? array(body) : text.lines().toList();
    List<DomainName> domains = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).strip();
      if (!name.isEmpty()) {
        domains.add(Parameters.domain("domain " + (i + 1), name));
      }
    }
    if (domains.size() > Question.MAX_DOMAINS) {
      throw Refusals.bad(
          "the body has %d domains; allowed are %d"
              .formatted(domains.size(), Question.MAX_DOMAINS));
    }
    return Optional.of(domains);
  }

  private static List<String> array(byte[] body) {
    try {
      return JsonReader.read(
          body,
          in -> {
            List<String> names = new ArrayList<>();
            in.enterArray();
            while (in.nextItem()) {
              names.add(in.string());
            }
            return names;
          });
    } catch (MalformedJsonException e) {
      throw Refusals.bad(
          "the body: " + e.reason() + "; allowed is an array of domains, or a domain a line");
    }
  }

  /**
   * A judgement as JSON.
   *
   * @param domain in A-labels
   * @param outcome {@code deferred} or {@code not-known}
   * @param reasons why
   */
  private record JudgementDto(String domain, String outcome, List<String> reasons) {
    static JudgementDto of(Judgement judgement) {
      return new JudgementDto(
          judgement.domain().value(), judgement.outcome().keyword(), judgement.reasons());
    }
  }

  private List<JudgementDto> page(Request request, Response response) {
    Outcome outcome =
        Parameters.choice(
                request, "outcome", List.of(Outcome.DEFERRED, Outcome.NOT_KNOWN), Outcome::keyword)
            .orElse(Outcome.DEFERRED);
    int offset = Page.offset(request);
    int limit = Page.limit(request, PAGE, PAGE);
    Answer answer = answer(request.params(TASK));
    return Page.byOffset(
        request,
        response,
        limit,
        answer.page(outcome, offset, limit).stream().map(JudgementDto::of).toList());
  }

  private Answer answer(String taskId) {
    try {
      return tasks
          .getExecutionDetails(TaskId.fromString(taskId))
          .getAdditionalInformation()
          .filter(WhatIfInformation.class::isInstance)
          .map(WhatIfInformation.class::cast)
          .flatMap(information -> answers.find(information.answer()))
          .orElseThrow(
              () ->
                  Refusals.notFound(
                      "task %s has no answer here: it is no what-if, another server has run it, or"
                              .formatted(taskId)
                          + " others came after it"));
    } catch (IllegalArgumentException e) {
      throw Refusals.bad("taskId is \"%s\"; allowed is the id of a task".formatted(taskId));
    } catch (TaskNotFoundException e) {
      throw Refusals.notFound("there is no task " + taskId);
    }
  }
}
