package org.jamessts.tasks;

import com.google.inject.Inject;
import com.google.inject.Provider;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.james.json.DTOModule;
import org.apache.james.server.task.json.TaskExtensionModule;
import org.apache.james.server.task.json.dto.AdditionalInformationDTO;
import org.apache.james.server.task.json.dto.AdditionalInformationDTOModule;
import org.apache.james.server.task.json.dto.TaskDTO;
import org.apache.james.server.task.json.dto.TaskDTOModule;
import org.apache.james.task.Task;
import org.apache.james.task.TaskExecutionDetails.AdditionalInformation;
import org.jamessts.dns.DomainName;
import org.jamessts.override.Minimum;
import org.jamessts.tlsrpt.send.ReportStore.Progress;
import org.jamessts.tlsrpt.send.Reporting;
import org.jamessts.whatif.Answers;
import org.jamessts.whatif.Question;
import org.jamessts.whatif.Scenario;
import org.jamessts.whatif.Scenario.Enforce;
import org.jamessts.whatif.WhatIf;

/** Our tasks, and what they tell, as James writes and reads them. */
public final class StsTasks implements TaskExtensionModule {

  private final Provider<Reporting> reporting;
  private final Provider<WhatIf> whatIf;
  private final Answers answers;
  private final Clock clock;

  /** Called by James, before the parts behind the providers may be built. */
  @Inject
  public StsTasks(
      Provider<Reporting> reporting, Provider<WhatIf> whatIf, Answers answers, Clock clock) {
    this.reporting = reporting;
    this.whatIf = whatIf;
    this.answers = answers;
    this.clock = clock;
  }

  /**
   * {@link SendReportsTask} as JSON.
   *
   * @param type of the task
   * @param day ISO 8601
   * @param domain of one domain only
   */
  record SendReportsTaskDto(String type, String day, Optional<String> domain) implements TaskDTO {
    @Override
    public String getType() {
      return type;
    }
  }

  /**
   * {@link SendReportsInformation} as JSON.
   *
   * @param type of the task
   * @param timestamp when that was
   * @param day ISO 8601
   * @param domain of one domain only
   * @param underWay as in {@link Progress}, as are the next four
   */
  record SendReportsInformationDto(
      String type,
      Instant timestamp,
      String day,
      Optional<String> domain,
      long underWay,
      long waiting,
      long sent,
      long notWanted,
      long givenUp,
      String problem)
      implements AdditionalInformationDTO {
    @Override
    public String getType() {
      return type;
    }

    @Override
    public Instant getTimestamp() {
      return timestamp;
    }
  }

  /**
   * {@link WhatIfTask} as JSON.
   *
   * @param type of the task
   * @param enforce as a request says it
   * @param minimum as an override says it
   * @param domains in A-labels
   */
  record WhatIfTaskDto(
      String type,
      boolean dane,
      Optional<String> enforce,
      Optional<String> minimum,
      Optional<List<String>> domains,
      int days,
      int port)
      implements TaskDTO {
    @Override
    public String getType() {
      return type;
    }
  }

  /**
   * {@link WhatIfInformation} as JSON, with the same names.
   *
   * @param type of the task
   */
  record WhatIfInformationDto(
      String type,
      Instant timestamp,
      String scenario,
      int days,
      long domains,
      long delivered,
      long deferred,
      long notKnown,
      long unroutable,
      List<WhatIfInformation.Deferred> firstDeferred,
      String problem,
      String answer)
      implements AdditionalInformationDTO {
    @Override
    public String getType() {
      return type;
    }

    @Override
    public Instant getTimestamp() {
      return timestamp;
    }
  }

  @Override
  public Set<TaskDTOModule<? extends Task, ? extends TaskDTO>> taskDTOModules() {
    return Set.of(
        TaskDTOModule.forTask(SendReportsTask.class)
            .convertToDTO(SendReportsTaskDto.class)
            .toDomainObjectConverter(this::task)
            .toDTOConverter(
                (task, type) ->
                    new SendReportsTaskDto(
                        type, task.day().toString(), task.domain().map(DomainName::value)))
            .typeName(SendReportsTask.TYPE.asString())
            .withFactory(TaskDTOModule::new),
        TaskDTOModule.forTask(WhatIfTask.class)
            .convertToDTO(WhatIfTaskDto.class)
            .toDomainObjectConverter(this::task)
            .toDTOConverter((task, type) -> dto(task.question(), type))
            .typeName(WhatIfTask.TYPE.asString())
            .withFactory(TaskDTOModule::new));
  }

  private SendReportsTask task(SendReportsTaskDto dto) {
    Reporting all = reporting.get();
    return new SendReportsTask(
        all.scheduler().orElseThrow(() -> new IllegalStateException("no reports are sent here")),
        all.reports(),
        LocalDate.parse(dto.day()),
        dto.domain().map(DomainName::new),
        clock);
  }

  private WhatIfTask task(WhatIfTaskDto dto) {
    Scenario scenario =
        new Scenario(
            dto.dane(),
            dto.enforce().map(word -> called(word, Enforce.values(), Enforce::keyword)),
            dto.minimum().map(word -> called(word, Minimum.values(), Minimum::keyword)));
    Question question =
        new Question(
            scenario,
            dto.domains().map(all -> all.stream().map(DomainName::new).toList()),
            dto.days(),
            dto.port());
    return new WhatIfTask(whatIf.get(), answers, question, clock);
  }

  private static <T> T called(String word, T[] values, Function<T, String> keyword) {
    return Stream.of(values)
        .filter(value -> keyword.apply(value).equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nothing is called " + word));
  }

  private static WhatIfTaskDto dto(Question question, String type) {
    Scenario scenario = question.scenario();
    return new WhatIfTaskDto(
        type,
        scenario.dane(),
        scenario.enforce().map(Enforce::keyword),
        scenario.minimum().map(Minimum::keyword),
        question.domains().map(all -> all.stream().map(DomainName::value).toList()),
        question.days(),
        question.port());
  }

  @Override
  public Set<
          AdditionalInformationDTOModule<
              ? extends AdditionalInformation, ? extends AdditionalInformationDTO>>
      taskAdditionalInformationDTOModules() {
    return Set.of(
        DTOModule.forDomainObject(SendReportsInformation.class)
            .convertToDTO(SendReportsInformationDto.class)
            .toDomainObjectConverter(StsTasks::information)
            .toDTOConverter(StsTasks::dto)
            .typeName(SendReportsTask.TYPE.asString())
            .withFactory(AdditionalInformationDTOModule::new),
        DTOModule.forDomainObject(WhatIfInformation.class)
            .convertToDTO(WhatIfInformationDto.class)
            .toDomainObjectConverter(StsTasks::information)
            .toDTOConverter(StsTasks::dto)
            .typeName(WhatIfTask.TYPE.asString())
            .withFactory(AdditionalInformationDTOModule::new));
  }

  private static SendReportsInformation information(SendReportsInformationDto dto) {
    return new SendReportsInformation(
        dto.timestamp(),
        LocalDate.parse(dto.day()),
        dto.domain().map(DomainName::new),
        new Progress(dto.underWay(), dto.waiting(), dto.sent(), dto.notWanted(), dto.givenUp()),
        dto.problem());
  }

  private static SendReportsInformationDto dto(SendReportsInformation information, String type) {
    Progress progress = information.progress();
    return new SendReportsInformationDto(
        type,
        information.timestamp(),
        information.day().toString(),
        information.domain().map(DomainName::value),
        progress.underWay(),
        progress.waiting(),
        progress.sent(),
        progress.notWanted(),
        progress.givenUp(),
        information.problem());
  }

  private static WhatIfInformation information(WhatIfInformationDto dto) {
    return new WhatIfInformation(
        dto.timestamp(),
        dto.scenario(),
        dto.days(),
        dto.domains(),
        dto.delivered(),
        dto.deferred(),
        dto.notKnown(),
        dto.unroutable(),
        dto.firstDeferred(),
        dto.problem(),
        dto.answer());
  }

  private static WhatIfInformationDto dto(WhatIfInformation information, String type) {
    return new WhatIfInformationDto(
        type,
        information.timestamp(),
        information.scenario(),
        information.days(),
        information.domains(),
        information.delivered(),
        information.deferred(),
        information.notKnown(),
        information.unroutable(),
        information.firstDeferred(),
        information.problem(),
        information.answer());
  }
}
