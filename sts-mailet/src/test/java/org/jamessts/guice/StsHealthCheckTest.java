package org.jamessts.guice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.james.core.healthcheck.Result;
import org.apache.james.core.healthcheck.ResultStatus;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.MemoryPolicyStore;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class StsHealthCheckTest {

  private final SettableClock clock = new SettableClock();
  private final MemoryPolicyStore store = new MemoryPolicyStore(2, clock);
  private final StsHealthCheck check = new StsHealthCheck(store);

  private void put(String domain) {
    StsPolicyParse parse =
        StsPolicy.parse(
            "version: STSv1\nmode: enforce\nmx: mx.test\nmax_age: 3600\n"
                .getBytes(StandardCharsets.US_ASCII));
    StsPolicy policy = ((StsPolicyParse.Parsed) parse).policy();
    assertThat(store.put(new KnownPolicy(new DomainName(domain), "1", policy, clock.instant())))
        .isTrue();
  }

  private Result result() {
    return Mono.from(check.check()).blockOptional().orElseThrow();
  }

  @Test
  void shouldBeHealthyWhileThereIsRoom() {
    put("a.test");

    assertThat(result().getStatus()).isEqualTo(ResultStatus.HEALTHY);
    assertThat(result().getComponentName().getName()).isEqualTo("MTA-STS policies");
  }

  @Test
  void shouldBeDegradedWhileThePoliciesThatHoldLeaveNoRoom() {
    put("a.test");
    put("b.test");

    assertThat(result().getStatus()).isEqualTo(ResultStatus.DEGRADED);
    assertThat(result().getCause().orElseThrow()).contains("policy.cacheEntries");

    clock.advance(Duration.ofHours(2));

    assertThat(result().getStatus()).isEqualTo(ResultStatus.HEALTHY);
  }
}
