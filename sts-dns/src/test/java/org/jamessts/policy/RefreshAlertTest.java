package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.RecordingLog;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the operator is told of refreshes that fail (RFC 8461 §3.3, §10.2). */
class RefreshAlertTest extends PolicyWorld {

  private static final Duration DAY = Duration.ofDays(1);

  private final RecordingLog log = new RecordingLog();
  private PolicyRefresher refresher;

  @BeforeEach
  void begin() {
    refresher = new PolicyRefresher(service, stores.refreshes(), clock, log);
  }

  @AfterEach
  void end() {
    refresher.close();
  }

  @Test
  @Rule(value = "RFC 8461 S16", in = PolicyRefresher.class)
  void theFirstFailureShouldBeToldAndNotTheNext() throws Exception {
    keptThenBroken("enforce");
    clock.advance(DAY);

    assertThat(warnings())
        .containsExactly(
            "WARN the policy of example.com cannot be refreshed, and is tried again: the policy of"
                + " example.com is invalid: line 1 is no field: \"broken\"");
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofHours(4));
      assertThat(warnings()).isEmpty();
    }
  }

  @Test
  void oneDomainThatCannotBeRefreshedShouldBeNoTroubleOfOurs() throws Exception {
    keptThenBroken("enforce");
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofHours(8));
      warnings();
    }

    assertThat(refresher.trouble()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S16", in = PolicyRefresher.class)
  void theComingEndShouldBeToldBeforeItIsThere() throws Exception {
    KnownPolicy policy = keptThenBroken("testing");
    clock.advance(DAY);
    warnings();

    clock.advance(Duration.ofDays(4));
    assertThat(warnings()).isEmpty();
    clock.advance(Duration.ofHours(6)); // 7 days less a quarter
    assertThat(warnings())
        .containsExactly(
            "WARN the policy of example.com expires at "
                + policy.expiresAt()
                + " and cannot be refreshed; then mail to it is no longer protected: the policy of"
                + " example.com is invalid: line 1 is no field: \"broken\"");
  }

  @Test
  @Rule(value = "RFC 8461 S16", in = PolicyRefresher.class)
  void nothingShouldBeToldOfAPolicyThatAsksForNothing() throws Exception {
    keptThenBroken("none");

    for (int i = 0; i < 45; i++) {
      clock.advance(Duration.ofHours(4));
      assertThat(warnings()).isEmpty();
      assertThat(refresher.expiringSoon()).isZero();
    }
    assertThat(host.requests(DOMAIN)).isGreaterThan(5);
  }

  @Test
  @Rule(value = "RFC 8461 S16", in = PolicyRefresher.class)
  void aFailureAfterASuccessShouldBeToldAgain() throws Exception {
    keptThenBroken("enforce");
    clock.advance(DAY);
    assertThat(warnings()).hasSize(1);
    publish("3", policy("enforce", WEEK));
    clock.advance(Duration.ofMinutes(5));
    assertThat(warnings()).isEmpty();

    publish("4", "broken");
    clock.advance(DAY);

    assertThat(warnings()).hasSize(1);
  }

  @Test
  void expiringSoonShouldCountUntilARefreshSucceeds() throws Exception {
    keptThenBroken("enforce");
    clock.advance(Duration.ofDays(5));
    warnings();
    assertThat(refresher.expiringSoon()).isZero();
    clock.advance(Duration.ofHours(6));
    warnings();
    assertThat(refresher.expiringSoon()).isEqualTo(1);

    publish("3", policy("enforce", WEEK));
    clock.advance(Duration.ofHours(4));
    warnings();

    assertThat(refresher.expiringSoon()).isZero();
  }

  @Test
  void troubleShouldBeToldWhileNoDomainCanBeRefreshed() throws Exception {
    for (int i = 0; i < 5; i++) {
      serve(i, CA.issue("mta-sts." + domain(i)));
      known(service.lookup(name(domain(i))).published());
      serve(i, GOOD);
    }
    keptThenBroken("enforce");
    assertThat(refresher.trouble()).isEmpty();
    clock.advance(DAY);
    assertThat(warnings()).hasSize(6);
    assertThat(refresher.trouble().orElseThrow()).contains("no policy could be refreshed lately");

    serve(0, CA.issue("mta-sts." + domain(0)));
    publish("3", policy("enforce", WEEK));
    for (int i = 1; i < 5; i++) {
      serve(i, CA.issue("mta-sts." + domain(i)));
    }
    clock.advance(Duration.ofHours(4));
    assertThat(warnings()).isEmpty();
    assertThat(refresher.trouble()).isEmpty();
  }

  private static String domain(int number) {
    return "d" + number + ".test";
  }

  /** Publishes a policy; with the certificate of another domain, it cannot be fetched. */
  private void serve(int number, PrivateCa.Credential credential) {
    String domain = domain(number);
    dns.remove("mta-sts." + domain).a("mta-sts." + domain, "127.0.0.1");
    dns.remove("_mta-sts." + domain).txt("_mta-sts." + domain, "v=STSv1; id=1;");
    host.serve(domain, credential, PolicyHostEffect.policy(policy("enforce", WEEK)));
  }

  private KnownPolicy keptThenBroken(String mode) {
    publish("1", policy(mode, WEEK));
    KnownPolicy kept = known(lookup());
    publish("2", "broken");
    return kept;
  }

  /** Polls once, and returns what was told. */
  private List<String> warnings() throws InterruptedException {
    refresher.poll();
    return log.drain().stream().filter(line -> !line.startsWith("DEBUG")).toList();
  }
}
