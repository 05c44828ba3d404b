package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.mtasts.StsMode;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A domain of which nothing is known yet (RFC 8461 §3). */
class MtaStsDiscoveryTest extends PolicyWorld {

  @Test
  void lookupShouldFindFetchAndKeepAPolicy() {
    String text = policy("enforce", WEEK);
    publish("20160831085700Z", text);

    KnownMtaStsPolicy known = known(lookup());

    assertThat(known.domain()).isEqualTo(name(DOMAIN));
    assertThat(known.id()).isEqualTo("20160831085700Z");
    assertThat(known.policy().mode()).isEqualTo(StsMode.ENFORCE);
    assertThat(known.policy().text()).isEqualTo(text);
    assertThat(known.fetchedAt()).isEqualTo(clock.instant());
    assertThat(known.expiresAt()).isEqualTo(clock.instant().plus(WEEK));
    assertThat(kept()).containsExactly(known);
  }

  @Test
  void lookupShouldSeeNoPolicyWhereThereIsNoRecord() {
    PolicyLookup lookup = lookup();

    assertThat(none(lookup).reason()).contains("no TXT record begins with v=STSv1;");
    assertThat(lookup.failure()).isEmpty();
    assertThat(host.namesAsked()).isEmpty();
  }

  // RFC 8461 §3.1: strings are joined, CNAMEs followed, other records overlooked.
  @Test
  @Rule(value = "RFC 8461 S2", in = MtaStsSource.class)
  void lookupShouldJoinTheStringsOfARecord() {
    publish("1", policy("enforce", WEEK));
    dns.remove(RECORD).txt(RECORD, "v=STSv1; i", "d=2;");

    assertThat(known(lookup()).id()).isEqualTo("2");
  }

  @Test
  @Rule(value = "RFC 8461 S2", in = MtaStsSource.class)
  void lookupShouldFollowACnameOfTheRecordAndKeepThePolicyDomain() {
    publish("1", policy("enforce", WEEK));
    dns.remove(RECORD).cname(RECORD, "_mta-sts.provider.example");
    dns.txt("_mta-sts.provider.example", "v=STSv1; id=9");

    assertThat(known(lookup()).id()).isEqualTo("9");
    assertThat(host.requests(DOMAIN)).isEqualTo(1);
  }

  @Test
  @Rule(value = "RFC 8461 S6", in = HttpsPolicyFetcher.class)
  @Rule(value = "RFC 8461 S7", in = HttpsPolicyFetcher.class)
  void lookupShouldFollowACnameOfThePolicyHostAndStillDemandItsOwnName() {
    publish("1", policy("enforce", WEEK));
    dns.remove("mta-sts." + DOMAIN).cname("mta-sts." + DOMAIN, "sts.provider.example");
    dns.a("sts.provider.example", "127.0.0.1");

    assertThat(mode(lookup())).isEqualTo(StsMode.ENFORCE);
    assertThat(host.namesAsked()).containsExactly("mta-sts." + DOMAIN);

    host.serve(DOMAIN, CA.issue("sts.provider.example"), PolicyHostEffect.policy("no matter"));
    announce("v=STSv1; id=2");

    assertThat(failure(lookup()).kind()).isEqualTo(PolicyFailure.Kind.WEBPKI);
  }

  @Test
  @Rule(value = "RFC 8461 S3", in = MtaStsSource.class)
  void lookupShouldOverlookUnrelatedRecords() {
    publish("1", policy("enforce", WEEK));
    dns.txt(RECORD, "google-site-verification=x");

    assertThat(mode(lookup())).isEqualTo(StsMode.ENFORCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v=STSv1; id=a-b;", "v=STSv1;", "v=STSv2; id=1", "v=STSv1 ; id=1"})
  @Rule(value = "RFC 8461 S3", in = MtaStsSource.class)
  void lookupShouldNotFetchForABadRecord(String record) {
    publish("1", policy("enforce", WEEK));
    announce(record);

    PolicyLookup lookup = lookup();

    assertThat(none(lookup).reason()).contains("TXT record");
    assertThat(lookup.failure()).isEmpty();
    assertThat(host.namesAsked()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S3", in = MtaStsSource.class)
  void lookupShouldNotFetchForTwoRecords() {
    publish("1", policy("enforce", WEEK));
    dns.txt(RECORD, "v=STSv1; id=2");

    assertThat(none(lookup()).reason()).contains("2 TXT records begin with v=STSv1;");
    assertThat(host.namesAsked()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S18", in = MtaStsSource.class)
  void lookupShouldNeverAskAboutTheParentDomain() {
    // RFC 8461 §3.4.
    publish("1", policy("enforce", WEEK));

    none(service.lookup(name("mail.example.com")).published());

    assertThat(dns.queries())
        .isNotEmpty()
        .allSatisfy(query -> assertThat(query.name()).endsWith(".mail.example.com"));
  }

  @Test
  void lookupShouldDeliverAndReportWhenTheDnsFails() {
    publish("1", policy("enforce", WEEK));
    dns.fault(RECORD, "TXT", DnsFault.SERVFAIL);

    PolicyLookup lookup = lookup();

    none(lookup);
    assertThat(failure(lookup).kind()).isEqualTo(PolicyFailure.Kind.DNS);
  }

  // RFC 8461 §3.3: a record without a policy means no policy; RFC 8460 §4.3: and a report.
  @Test
  @Rule(value = "RFC 8461 S12", in = MtaStsSource.class)
  void lookupShouldDeliverAndReportWhenThePolicyHostHasNoAddress() {
    announce("v=STSv1; id=1");

    assertThat(failure(lookup()).kind()).isEqualTo(PolicyFailure.Kind.FETCH);
    none(lookup());
  }

  @Test
  @Rule(value = "RFC 8461 S12", in = MtaStsSource.class)
  void lookupShouldDeliverAndReportWhenTheCertificateIsBad() {
    publish("1", policy("enforce", WEEK));
    host.serve(
        DOMAIN,
        PrivateCa.selfSigned("mta-sts." + DOMAIN),
        PolicyHostEffect.policy(policy("enforce", WEEK)));

    PolicyLookup lookup = lookup();

    assertThat(none(lookup).reason()).contains("certificate not trusted");
    assertThat(failure(lookup).kind()).isEqualTo(PolicyFailure.Kind.WEBPKI);
  }

  @Test
  @Rule(value = "RFC 8461 S12", in = MtaStsSource.class)
  void lookupShouldDeliverAndReportWhenThePolicyIsInvalid() {
    publish("1", policy("Enforce", WEEK));

    PolicyLookup lookup = lookup();

    none(lookup);
    assertThat(failure(lookup))
        .isEqualTo(
            new PolicyFailure(
                PolicyFailure.Kind.INVALID,
                "the policy of example.com is invalid: line 2, mode: \"Enforce\" is not enforce,"
                    + " testing or none"));
  }

  @Test
  void lookupShouldRefuseARedirect() {
    publish("1", policy("enforce", WEEK));
    host.serve(DOMAIN, GOOD, PolicyHostEffect.redirect("https://mta-sts.example.com/elsewhere"));

    assertThat(failure(lookup()).kind()).isEqualTo(PolicyFailure.Kind.FETCH);
    assertThat(host.requests(DOMAIN)).isEqualTo(1);
  }

  @Test
  void lookupShouldApplyAPolicyOfMaxAgeZeroOnceAndFetchItAgain() {
    publish("1", policy("enforce", Duration.ZERO));

    assertThat(mode(lookup())).isEqualTo(StsMode.ENFORCE);
    assertThat(mode(lookup())).isEqualTo(StsMode.ENFORCE);
    assertThat(host.requests(DOMAIN)).isEqualTo(2);

    host.remove(DOMAIN);

    none(lookup());
  }

  @Test
  void lookupShouldFindNoPolicyOfADomainThatLeavesNoRoomForARecord() {
    String longest =
        "%s.%s.%s.%s.example"
            .formatted("a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(45));

    // No zone can hold the name of its record, nor its policy host.
    none(service.lookup(name(longest)).published());
  }
}
