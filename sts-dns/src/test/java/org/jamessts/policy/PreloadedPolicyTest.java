package org.jamessts.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.Latest.latest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownMtaStsPolicy.Origin;
import org.jamessts.testing.DnsFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A domain on a list of policies that count as seen before. The list holds for three days. */
class PreloadedPolicyTest extends PolicyWorld {

  private static final Duration LIST = Duration.ofDays(3);

  private StsPolicyService listed;

  @BeforeEach
  void list() throws Exception {
    Instant made = clock.instant();
    String text = policy("enforce", LIST);
    StsPolicy policy = ((StsPolicyParse.Parsed) StsPolicy.parse(text.getBytes(UTF_8))).policy();
    KnownMtaStsPolicy preloaded = KnownMtaStsPolicy.preloaded(name(DOMAIN), policy, made);
    Preloads list =
        (domain, now) ->
            domain.equals(name(DOMAIN)) && now.isBefore(made.plus(LIST))
                ? Optional.of(preloaded)
                : Optional.empty();
    listed = service(PolicySettings.DEFAULT, fetcher, list);
  }

  @AfterEach
  void end() {
    listed.close();
  }

  private PolicyLookup find() {
    return listed.lookup(name(DOMAIN)).published();
  }

  private void assertPreloaded(PolicyLookup lookup) {
    assertThat(known(lookup).origin()).isEqualTo(Origin.PRELOADED);
    assertThat(mode(lookup)).isEqualTo(StsMode.ENFORCE);
  }

  @Test
  void aListedPolicyShouldHoldWhereNothingIsPublishedAndNothingIsAmiss() {
    PolicyLookup lookup = find();

    assertPreloaded(lookup);
    assertThat(lookup.failure()).isEmpty();
    assertThat(latest(stores.alarms(), 10)).isEmpty();
    assertThat(kept()).as("it is not stored").isEmpty();
    none(listed.lookup(name("www." + DOMAIN)).published());
  }

  @Test
  void aListedPolicyShouldHoldWhenTheDnsFails() {
    dns.fault(RECORD, "TXT", DnsFault.SERVFAIL);

    assertPreloaded(find());
    assertThat(failure(find()).kind()).isEqualTo(PolicyFailure.Kind.DNS);
  }

  @Test
  void aListedPolicyShouldHoldWhileThePolicyHostIsBlocked() {
    publish("1", policy("testing", WEEK));
    host.remove(DOMAIN);

    assertPreloaded(find());
    assertThat(failure(find()).kind()).isEqualTo(PolicyFailure.Kind.FETCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"testing", "none"})
  void aFetchedPolicyShouldGoBeforeTheListedOne(String mode) {
    publish("1", policy(mode, WEEK));

    assertThat(known(find()).origin()).isEqualTo(Origin.FETCHED);
    dns.remove(RECORD);
    clock.advance(Duration.ofDays(1));
    assertThat(mode(find()).keyword()).isEqualTo(mode);
  }

  @Test
  void aListedPolicyShouldHoldAgainWhenTheFetchedOneHasExpired() {
    publish("1", policy("none", Duration.ofDays(1)));
    find();
    dns.remove(RECORD);

    clock.advance(Duration.ofDays(1));

    assertPreloaded(find());
  }

  @ParameterizedTest
  @ValueSource(strings = {"preloaded", "operator", "1"})
  void noIdShouldKeepThePublishedPolicyFromBeingFetched(String id) {
    publish(id, policy("testing", WEEK));

    assertThat(mode(find())).isEqualTo(StsMode.TESTING);
  }

  @Test
  void aListedPolicyShouldEndWithTheList() {
    dns.remove(RECORD).add(RECORD + ". 864000 IN TXT \"another thing\"");
    clock.advance(LIST.minusSeconds(1));
    assertPreloaded(find());

    clock.advance(Duration.ofSeconds(1));

    none(find());
  }

  @Test
  void aFetchedPolicyThatIsLessThanTheListedOneShouldBeNoAlarm() {
    find();
    publish("1", policy("none", WEEK));
    clock.advance(Duration.ofMinutes(2));
    assertThat(mode(find())).isEqualTo(StsMode.NONE);

    assertThat(latest(stores.alarms(), 10)).isEmpty();
  }
}
