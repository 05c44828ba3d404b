package org.jamessts.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.james.server.task.json.JsonTaskAdditionalInformationSerializer;
import org.apache.james.server.task.json.JsonTaskSerializer;
import org.apache.james.server.task.json.dto.AdditionalInformationDTOModule;
import org.apache.james.task.TaskExecutionDetails.AdditionalInformation;
import org.jamessts.delivery.Forecast;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.override.Minimum;
import org.jamessts.settings.StsSettings;
import org.jamessts.testing.TemporaryStores;
import org.jamessts.testing.UnaskedResolver;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.tlsrpt.send.ReportStore.Progress;
import org.jamessts.whatif.Answers;
import org.jamessts.whatif.Question;
import org.jamessts.whatif.Scenario;
import org.jamessts.whatif.WhatIf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What James's own serializers make of our tasks, where several servers share them. */
class StsTasksTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final TemporaryStores temporary = new TemporaryStores(1, Clock.systemUTC());
  private final StsTasks tasks =
      new StsTasks(
          () -> {
            throw new AssertionError("nothing is reported here");
          },
          this::whatIf,
          new Answers(),
          Clock.fixed(NOW, ZoneOffset.UTC));

  @AfterEach
  void close() {
    temporary.close();
  }

  /** Which is never asked anything. */
  private WhatIf whatIf() {
    Resolver resolver = new UnaskedResolver() {};
    Forecast forecast =
        Forecast.of(resolver, StsSettings.Dane.DEFAULT, new StsSettings.Mx(false, 1, 1));
    return new WhatIf(
        new WhatIf.Parts(
            resolver,
            () -> {
              throw new AssertionError("nothing is judged here");
            },
            forecast,
            forecast,
            new SessionStore(
                temporary.stores().reports(),
                SessionLimits.DEFAULT,
                StsSettings.Reports.DEFAULT.times()),
            Clock.systemUTC()));
  }

  static List<AdditionalInformation> informationShouldComeBackAsItWas() {
    return List.of(
        new SendReportsInformation(
            NOW,
            LocalDate.of(2026, 2, 28),
            Optional.of(new DomainName("a.test")),
            new Progress(1, 2, 3, 4, 5),
            ""),
        new SendReportsInformation(
            NOW, LocalDate.of(2026, 2, 28), Optional.empty(), new Progress(0, 0, 0, 0, 0), "why"),
        new WhatIfInformation(
            NOW,
            "dane=on",
            7,
            10,
            1,
            2,
            3,
            4,
            List.of(new WhatIfInformation.Deferred("a.test", List.of("one", "two"))),
            "",
            "id"));
  }

  /** James takes an array. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private JsonTaskAdditionalInformationSerializer informationSerializer() {
    return JsonTaskAdditionalInformationSerializer.of(
        tasks.taskAdditionalInformationDTOModules().toArray(AdditionalInformationDTOModule[]::new));
  }

  @ParameterizedTest
  @MethodSource
  void informationShouldComeBackAsItWas(AdditionalInformation information) throws Exception {
    JsonTaskAdditionalInformationSerializer serializer = informationSerializer();

    assertThat(serializer.deserialize(serializer.serialize(information))).isEqualTo(information);
  }

  private static Question question(Optional<List<DomainName>> domains, Optional<Minimum> minimum) {
    return new Question(
        new Scenario(true, minimum.map(any -> Scenario.Enforce.PUBLISHED), minimum),
        domains,
        3,
        2525);
  }

  static List<Question> questionShouldComeBackAsItWas() {
    return List.of(
        question(Optional.empty(), Optional.empty()),
        question(Optional.of(List.of(new DomainName("a.test"))), Optional.of(Minimum.VERIFIED)));
  }

  @ParameterizedTest
  @MethodSource
  void questionShouldComeBackAsItWas(Question question) throws Exception {
    JsonTaskSerializer serializer = new JsonTaskSerializer(tasks.taskDTOModules());
    WhatIfTask task =
        new WhatIfTask(whatIf(), new Answers(), question, Clock.fixed(NOW, ZoneOffset.UTC));

    assertThat(serializer.deserialize(serializer.serialize(task)))
        .isInstanceOfSatisfying(
            WhatIfTask.class, same -> assertThat(same.question()).isEqualTo(question));
  }

  @Test
  void tasksShouldBeToldApartByTheirTypes() {
    assertThat(tasks.taskDTOModules())
        .extracting(module -> module.getDomainObjectType())
        .containsExactlyInAnyOrder("sts-send-reports", "sts-what-if");
  }
}
