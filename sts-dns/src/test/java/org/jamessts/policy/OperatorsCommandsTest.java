package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.jamessts.mtasts.StsMode;
import org.jamessts.testing.PolicyHostEffect;
import org.junit.jupiter.api.Test;

/** What an operator may have done to policies at once, on a real DNS and policy host. */
class OperatorsCommandsTest extends PolicyWorld {

  private Optional<String> fetchNow() throws InterruptedException {
    return service.fetchNow(name(DOMAIN));
  }

  @Test
  void fetchNowShouldFetchThoughTheIdIsTheSame() throws Exception {
    publishedAndKept();
    publish("1", policy("testing", WEEK));

    assertThat(fetchNow()).isEmpty();

    assertThat(mode(lookup())).isEqualTo(StsMode.TESTING);
    assertThat(host.requests(DOMAIN)).isEqualTo(2);
  }

  @Test
  void fetchNowShouldFindWhatIsNotKeptYet() throws Exception {
    publish("1", policy("enforce", WEEK));

    assertThat(fetchNow()).isEmpty();

    assertThat(kept()).hasSize(1);
  }

  @Test
  void fetchNowShouldSayWhyThereIsNoPolicy() throws Exception {
    assertThat(fetchNow()).hasValueSatisfying(why -> assertThat(why).contains("no policy"));
    assertThat(service.lastFailure(name(DOMAIN))).isEmpty();
  }

  @Test
  void fetchNowThatFailsShouldSayWhyAndLeaveWhatIsKept() throws Exception {
    KnownMtaStsPolicy kept = publishedAndKept();
    host.serve(DOMAIN, GOOD, PolicyHostEffect.answer("500 Oops", "", ""));
    clock.advance(Duration.ofHours(1));

    assertThat(fetchNow()).hasValueSatisfying(why -> assertThat(why).contains("500"));

    assertThat(kept()).containsExactly(kept);
    assertThat(service.lastFailure(name(DOMAIN)))
        .hasValueSatisfying(
            last -> {
              assertThat(last.at()).isEqualTo(clock.instant());
              assertThat(last.cause().detail()).contains("500");
            });
  }

  @Test
  void forgottenPolicyShouldHoldNoLonger() {
    publishedAndKept();
    dns.remove(RECORD);

    assertThat(service.forget(name(DOMAIN))).contains(1);

    none(lookup());
    assertThat(service.forget(name(DOMAIN))).contains(0);
  }

  @Test
  void forgottenPolicyShouldBeFetchedAnewByTheNextMail() throws Exception {
    StsPolicyService remembering = service(PolicySettings.DEFAULT);
    publish("1", policy("enforce", WEEK));
    remembering.lookup(name(DOMAIN));
    publish("1", policy("testing", WEEK));

    assertThat(remembering.forget(name(DOMAIN))).contains(1);

    assertThat(mode(remembering.lookup(name(DOMAIN)).published())).isEqualTo(StsMode.TESTING);
    publish("1", policy("none", WEEK));
    assertThat(remembering.forgetAll()).contains(1L);
    assertThat(mode(remembering.lookup(name(DOMAIN)).published())).isEqualTo(StsMode.NONE);
    remembering.close();
  }

  @Test
  void commandToForgetShouldFailLoudlyWhileTheStoreDoes() {
    publishedAndKept();
    stores.close();

    assertThat(service.forget(name(DOMAIN))).isEmpty();
    assertThat(service.forgetAll()).isEmpty();
  }
}
