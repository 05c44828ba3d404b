package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jamessts.mtasts.StsMode;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.policy.PolicyLookup.Unclear;
import org.jamessts.policy.PolicySettings.Draft;
import org.jamessts.policy.PolicySettings.FirstDraftPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lookups that take longer than mail may wait, whether the DNS or a policy host is slow. */
class SlowLookupTest extends TwoSystemsWorld {

  private final CountDownLatch release = new CountDownLatch(1);
  private final List<StsPolicyService> services = new ArrayList<>();

  @AfterEach
  void closeServices() {
    release.countDown();
    services.forEach(StsPolicyService::close);
  }

  private StsPolicyService stuck(Duration wait, WithoutPolicy onSlowLookup) throws Exception {
    return stuck(wait, onSlowLookup, Draft.ON);
  }

  /** Every fetch waits until it is released. */
  private StsPolicyService stuck(Duration wait, WithoutPolicy onSlowLookup, Draft draft)
      throws Exception {
    PolicySettings settings =
        new PolicySettings(
            wait, onSlowLookup, WithoutPolicy.DELIVER, draft, FirstDraftPolicy.AUTHENTICATED, 100);
    StsPolicyService stuck =
        service(
            settings,
            (host, path) -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return fetcher.fetch(host, path);
            },
            Preloads.NONE);
    services.add(stuck);
    return stuck;
  }

  private static PolicyLookup lookup(StsPolicyService service) {
    return service.lookup(name(DOMAIN)).published();
  }

  @Test
  void mailShouldGoWithoutAPolicyThatIsNotKnownInTimeWhenSoSet() throws Exception {
    publish("1", policy("enforce", WEEK));
    StsPolicyService stuck = stuck(Duration.ofMillis(100), WithoutPolicy.DELIVER);

    long start = System.nanoTime();
    PolicyLookup lookup = lookup(stuck);

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(100), Duration.ofSeconds(10));
    assertThat(failure(lookup))
        .isEqualTo(
            new PolicyFailure(Kind.SLOW, "the policy of example.com is not known after 100 ms"));
    none(lookup);
  }

  @Test
  void mailShouldWaitForAPolicyThatIsNotKnownInTimeWhenSoSet() throws Exception {
    publish("1", policy("enforce", WEEK));

    PolicyLookup lookup = lookup(stuck(Duration.ofMillis(100), WithoutPolicy.DEFER));

    assertThat(lookup).isInstanceOf(Unclear.class);
    assertThat(failure(lookup).kind()).isEqualTo(Kind.SLOW);
  }

  @ParameterizedTest
  @EnumSource
  void theLateResultShouldBeThereForTheNextMail(WithoutPolicy onSlowLookup) throws Exception {
    publish("1", policy("enforce", WEEK));
    StsPolicyService stuck = stuck(Duration.ofMillis(50), onSlowLookup);
    assertThat(lookup(stuck).failure()).isPresent();

    release.countDown();

    while (lookup(stuck).failure().isPresent()) {
      Thread.sleep(10);
    }
    assertThat(mode(lookup(stuck))).isEqualTo(StsMode.ENFORCE);
    assertThat(host.requests(DOMAIN)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aKeptPolicyShouldHoldMeanwhile(WithoutPolicy onSlowLookup) throws Exception {
    KnownMtaStsPolicy kept = publishedAndKept();
    publish("2", policy("testing", WEEK));

    assertHolds(lookup(stuck(Duration.ofMillis(50), onSlowLookup)), kept, Kind.SLOW);
  }

  @ParameterizedTest
  @EnumSource
  void aKeptDraftShouldHoldMeanwhile(WithoutPolicy onSlowLookup) throws Exception {
    KnownDraftPolicy kept = draftPublishedAndConfirmed(draft(true, WEEK));
    announce("v=STSv1; id=1");

    PolicyLookup lookup = lookup(stuck(Duration.ofMillis(50), onSlowLookup));

    assertThat(draftOf(lookup)).isEqualTo(kept);
    assertThat(failure(lookup).kind()).isEqualTo(Kind.SLOW);
  }

  @Test
  void aKeptDraftShouldMeanNothingWhenTheDraftIsOff() throws Exception {
    draftPublishedAndConfirmed(draft(true, WEEK));
    announce("v=STSv1; id=1");

    none(lookup(stuck(Duration.ofMillis(50), WithoutPolicy.DELIVER, Draft.OFF)));
  }

  @Test
  void anExpiredPolicyShouldNotHoldMeanwhile() throws Exception {
    publishedAndKept();
    clock.advance(WEEK);

    none(lookup(stuck(Duration.ofMillis(50), WithoutPolicy.DELIVER)));
  }

  /** Mail to domains of a stranger, whose policy hosts do not answer. */
  private void takeAllThreads(StsPolicyService stuck) throws Exception {
    for (int i = 0; i < PublishedPolicies.THREADS; i++) {
      dns.txt("_mta-sts.slow" + i + ".example", "v=STSv1; id=1");
      stuck.lookup(name("slow" + i + ".example"));
    }
    for (int i = 0; i < PublishedPolicies.WAITING; i++) {
      PolicyLookup waiting = stuck.lookup(name("d" + i + ".example")).published();
      assertThat(failure(waiting).detail()).contains("not known after");
    }
  }

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void aKeptPolicyShouldHoldWhileAStrangerTakesAllThreads() throws Exception {
    KnownMtaStsPolicy kept = publishedAndKept();
    StsPolicyService stuck = stuck(Duration.ZERO, WithoutPolicy.DELIVER, Draft.OFF);
    takeAllThreads(stuck);

    PolicyLookup lookup = lookup(stuck);

    assertHolds(lookup, kept, Kind.SLOW);
    assertThat(failure(lookup).detail()).contains("too many lookups at once");
  }

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void tooManyLookupsShouldBeRefusedAndServedAgainWhenThereIsRoom() throws Exception {
    StsPolicyService stuck = stuck(Duration.ZERO, WithoutPolicy.DEFER, Draft.OFF);
    takeAllThreads(stuck);
    publish("1", policy("enforce", WEEK));

    PolicyLookup refused = lookup(stuck);
    assertThat(refused).isInstanceOf(Unclear.class);
    assertThat(failure(refused).detail()).contains("too many lookups at once");

    release.countDown();
    while (lookup(stuck).failure().isPresent()) {
      Thread.sleep(10);
    }
    assertThat(mode(lookup(stuck))).isEqualTo(StsMode.ENFORCE);
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptShouldMakeMailWaitWhateverIsSet(WithoutPolicy onSlowLookup) throws Exception {
    publishedAndKept();
    publish("2", policy("enforce", WEEK));
    StsPolicyService stuck = stuck(Duration.ofSeconds(60), onSlowLookup);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<PolicyLookup> mail =
        thread.submit(
            () -> {
              Thread.currentThread().interrupt();
              PolicyLookup lookup = lookup(stuck);
              assertThat(Thread.interrupted()).as("its caller should see it too").isTrue();
              return lookup;
            });

    assertThat(mail.get()).isInstanceOf(Unclear.class);
    assertThat(failure(mail.get()).kind()).isEqualTo(Kind.STOPPING);
    thread.shutdown();
  }
}
