package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.Latest.latest;

import java.time.Duration;
import java.util.List;
import org.jamessts.policy.PolicyAlarm.Kind;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;
import org.jamessts.testing.DnsFault;
import org.junit.jupiter.api.Test;

/** What the service finds to have become less, as the operator reads it later. */
class DowngradeAlarmTest extends TwoSystemsWorld {

  private List<PolicyAlarm> alarms() {
    return latest(stores.alarms(), 10);
  }

  @Test
  void aWeakerPolicyShouldHoldAtOnceAndBeAnAlarmThatOutlivesARestart() throws Exception {
    publishedAndKept();
    publish("2", policy("testing", WEEK));
    lookup();
    lookup();

    PolicyAlarm alarm =
        new PolicyAlarm(
            name(DOMAIN),
            Kind.WEAKENED,
            policy("enforce", WEEK),
            policy("testing", WEEK),
            clock.instant());
    assertThat(alarms()).containsExactly(alarm);
    stores.close();
    stores = new Stores(new EmbeddedDatabase(directory, clock), 100, clock);
    assertThat(alarms()).containsExactly(alarm);
  }

  @Test
  void aRefreshThatFindsLessShouldBeAnAlarm() {
    KnownPolicy kept = publishedAndKept();
    publish("1", policy("none", WEEK));

    assertThat(refresh(kept)).isTrue();

    assertThat(alarms()).extracting(PolicyAlarm::kind).containsExactly(Kind.WEAKENED);
  }

  @Test
  void aVanishedRecordShouldBeOneAlarm() {
    publishedAndKept();
    dns.remove(RECORD);
    lookup();
    lookup();

    assertThat(alarms())
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.kind()).isEqualTo(Kind.VANISHED);
              assertThat(alarm.before()).isEqualTo(policy("enforce", WEEK));
              assertThat(alarm.after()).isEqualTo("no TXT record begins with v=STSv1;");
            });
  }

  @Test
  void nothingShouldBeAnAlarmThatIsNotLess() {
    publish("1", policy("testing", WEEK));
    lookup();
    publish("2", policy("enforce", WEEK));
    lookup();
    dns.fault(RECORD, "TXT", DnsFault.SERVFAIL);
    lookup();
    dns.heal(RECORD, "TXT");
    publish("3", "broken");
    lookup();
    publish("4", policy("enforce", Duration.ofDays(1)));
    lookup();

    assertThat(alarms()).isEmpty();
  }

  @Test
  void anExpiredPolicyShouldLeaveNoAlarm() {
    publishedAndKept();
    clock.advance(WEEK);
    publish("2", policy("none", WEEK));
    lookup();
    assertThat(alarms()).isEmpty();

    clock.advance(WEEK);
    dns.remove(RECORD);
    lookup();
    assertThat(alarms()).isEmpty();
  }

  // RFC 8461 §8.3.
  @Test
  void theRegularEndOfAPolicyShouldBeOneAlarmForTheNoneAndNoneForTheRecord() {
    publishedAndKept();
    publish("2", policy("none", WEEK));
    lookup();
    dns.remove(RECORD);
    lookup();

    assertThat(alarms()).extracting(PolicyAlarm::kind).containsExactly(Kind.WEAKENED);
  }

  @Test
  void aDraftThatBecomesLessShouldBeAnAlarmWhenItTakesThePlaceOfTheOther() {
    draftPublishedAndConfirmed(draft(true, WEEK));
    publishDraft(draft(false, WEEK));
    lookup();

    assertThat(alarms())
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.kind()).isEqualTo(Kind.WEAKENED);
              assertThat(alarm.before()).isEqualTo(draft(true, WEEK));
              assertThat(alarm.after()).isEqualTo(draft(false, WEEK));
            });
  }

  @Test
  void aDraftWithFewerHostsShouldBeAnAlarmOnlyWhenItIsConfirmed() {
    draftPublishedAndConfirmed(draft(true, WEEK));
    publishDraft(draft(true, WEEK).replace("mail.example.com", "other.example.com"));
    PolicyLookup.Draft lookup = (PolicyLookup.Draft) lookup();
    assertThat(alarms()).isEmpty();

    service.confirm(lookup.successor().orElseThrow());

    assertThat(alarms()).extracting(PolicyAlarm::kind).containsExactly(Kind.MX_REMOVED);
  }

  @Test
  void aVanishedDraftShouldBeAnAlarmAndItsFirstSuccessNone() {
    draftPublishedAndConfirmed(draft(true, WEEK));
    assertThat(alarms()).isEmpty();
    dns.remove(DRAFT_RECORD);
    lookup();

    assertThat(alarms()).extracting(PolicyAlarm::kind).containsExactly(Kind.VANISHED);
  }

  private boolean refresh(KnownPolicy policy) {
    try {
      return service.refresh(policy).isEmpty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
