package org.jamessts.guice;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.core.healthcheck.Result;
import org.apache.james.core.healthcheck.ResultStatus;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.retry.DeferredMails;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;
import org.jamessts.testing.FaultyQueues;
import org.jamessts.testing.SamplePolicies;
import org.jamessts.testing.SettableClock;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

class StsHealthCheckTest {

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private Stores stores;
  private EnforcementSwitch enforcement;
  private StsHealthCheck policies;
  private StsStoreHealthCheck store;

  @BeforeEach
  void open() {
    open(directory.resolve("sts"));
  }

  private void open(Path place) {
    stores = new Stores(new EmbeddedDatabase(place, clock), 2, clock);
    StsSettings.Files files =
        new StsSettings.Files(directory.resolve("none.json"), Optional.empty(), Optional.empty());
    enforcement =
        EnforcementSwitch.open(
            Enforcement.ENFORCE,
            stores.enforcement(),
            directory.resolve("enforcement.copy"),
            clock,
            () -> {});
    policies =
        new StsHealthCheck(
            enforcement, stores.policies(), OperatorFiles.open(files, stores.overrides(), clock));
    SessionStore sessions =
        new SessionStore(
            stores.reports(), SessionLimits.DEFAULT, StsSettings.Reports.DEFAULT.times());
    store =
        new StsStoreHealthCheck(
            stores.policies(),
            new DeferredMails(stores.deferrals(), new FaultyQueues(), clock),
            new SessionCollector(sessions, StsSettings.Reports.DEFAULT.counting(), clock));
  }

  @AfterEach
  void close() {
    stores.close();
  }

  private void put(String domain) {
    assertThat(stores.policies().put(SamplePolicies.policy(domain, "1", 3600, clock.instant())))
        .isTrue();
  }

  private void breakStore() throws IOException {
    stores.close();
    open(Files.writeString(directory.resolve("file"), "in the way").resolve("sts"));
  }

  private static Result result(HealthCheck check) {
    return Mono.from(check.check()).blockOptional().orElseThrow();
  }

  private static String cause(HealthCheck check) {
    assertThat(result(check).getStatus()).isEqualTo(ResultStatus.DEGRADED);
    return result(check).getCause().orElseThrow();
  }

  @Test
  void shouldBeHealthyWhileAllWorks() {
    put("a.test");

    assertThat(List.of(policies, store))
        .allSatisfy(check -> assertThat(result(check).getStatus()).isEqualTo(ResultStatus.HEALTHY))
        .extracting(check -> check.componentName().getName())
        .containsExactly("MTA-STS policies", "MTA-STS store");
  }

  @Test
  void shouldSaySinceWhenAndByWhomMailIsNotProtected() {
    enforcement.order(Enforcement.OFF, Optional.empty(), "broken roots", "alice");

    assertThat(cause(policies))
        .startsWith("MAIL IS NOT PROTECTED")
        .contains("enforcement=off since " + clock.instant().truncatedTo(SECONDS))
        .contains("by alice", "(broken roots)");

    enforcement.giveUp("alice");
    assertThat(result(policies).getStatus()).isEqualTo(ResultStatus.HEALTHY);
  }

  @Test
  void shouldBeDegradedWhileNothingCanBeProven() {
    assertThat(cause(new StsResolverHealthCheck(() -> Optional.of("DNSSEC does not work"))))
        .isEqualTo("DNSSEC does not work");
    assertThat(result(new StsResolverHealthCheck(Optional::empty)).getStatus())
        .isEqualTo(ResultStatus.HEALTHY);
  }

  @Test
  void shouldBeDegradedWhileDeferredMailCannotBeKept() throws IOException {
    breakStore();
    assertThatThrownBy(() -> stores.deferrals().size()).isInstanceOf(DeferralStoreException.class);

    assertThat(cause(store)).contains("deferred mail cannot be kept: there is no directory");
  }

  @Test
  void shouldBeDegradedWhileTheStoreFailsAndSayWhenMemoryIsFull() throws IOException {
    breakStore();
    put("a.test");

    assertThat(cause(store)).contains("there is no directory");
    assertThat(cause(policies))
        .as("nobody knows what was ordered")
        .contains("the order for enforcement cannot be read")
        .doesNotContain("policy.cacheEntries");

    put("b.test");

    assertThat(cause(policies)).contains("policy.cacheEntries");

    clock.advance(Duration.ofHours(2));

    assertThat(cause(policies)).doesNotContain("policy.cacheEntries");
  }
}
