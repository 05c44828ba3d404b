package org.jamessts.guice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.james.core.healthcheck.Result;
import org.apache.james.core.healthcheck.ResultStatus;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;
import org.jamessts.testing.SamplePolicies;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

class StsHealthCheckTest {

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private Stores stores;
  private StsHealthCheck check;
  private Optional<String> dnssec = Optional.empty();

  @BeforeEach
  void open() {
    open(directory.resolve("sts"), directory.resolve("none.json"));
  }

  private void open(Path store, Path overrides) {
    stores = new Stores(new EmbeddedDatabase(store, clock), 2, clock);
    StsSettings.Files files = new StsSettings.Files(overrides, Optional.empty(), Optional.empty());
    check =
        new StsHealthCheck(
            stores.policies(),
            OperatorFiles.open(files, stores.overrides(), clock),
            stores.deferrals()::trouble,
            () -> dnssec);
  }

  @AfterEach
  void close() {
    stores.close();
  }

  private void put(String domain) {
    assertThat(stores.policies().put(SamplePolicies.policy(domain, "1", 3600, clock.instant())))
        .isTrue();
  }

  private Result result() {
    return Mono.from(check.check()).blockOptional().orElseThrow();
  }

  @Test
  void shouldBeHealthyWhileAllWorks() {
    put("a.test");

    assertThat(result().getStatus()).isEqualTo(ResultStatus.HEALTHY);
    assertThat(result().getComponentName().getName()).isEqualTo("MTA-STS policies");
  }

  @Test
  void shouldBeDegradedWhileNothingCanBeProven() {
    dnssec = Optional.of("DNSSEC does not work");

    assertThat(result().getStatus()).isEqualTo(ResultStatus.DEGRADED);
    assertThat(result().getCause()).contains("DNSSEC does not work");
  }

  @Test
  void shouldBeDegradedWhileDeferredMailCannotBeKept() throws IOException {
    stores.close();
    Path inTheWay = Files.writeString(directory.resolve("file"), "in the way");
    open(inTheWay.resolve("sts"), directory.resolve("none.json"));
    assertThatThrownBy(() -> stores.deferrals().size()).isInstanceOf(DeferralStoreException.class);

    assertThat(result().getStatus()).isEqualTo(ResultStatus.DEGRADED);
    assertThat(result().getCause().orElseThrow())
        .contains("deferred mail cannot be kept: there is no directory");
  }

  @Test
  void shouldBeDegradedWhileTheStoreFailsAndSayWhenMemoryIsFull() throws IOException {
    stores.close();
    Path inTheWay = Files.writeString(directory.resolve("file"), "in the way");
    open(inTheWay.resolve("sts"), directory.resolve("none.json"));
    put("a.test");

    assertThat(result().getStatus()).isEqualTo(ResultStatus.DEGRADED);
    assertThat(result().getCause().orElseThrow())
        .contains("there is no directory")
        .doesNotContain("policy.cacheEntries");

    put("b.test");

    assertThat(result().getCause().orElseThrow()).contains("policy.cacheEntries");

    clock.advance(Duration.ofHours(2));

    assertThat(result().getCause().orElseThrow()).doesNotContain("policy.cacheEntries");
  }
}
