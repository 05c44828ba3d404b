package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishers and men in the middle who mean no good. */
class HostileDraftTest extends DraftWorld {

  private static final String A4 = "draft-margolis-smtp-sts-00 A4";
  private static final String NEXT = holding("mx2." + DOMAIN);
  private static final int LONG = 60_000;

  /** The longest detail that a log line or a remembered failure should take. */
  private static final int SHORT = 500;

  private static String filled(String before, String after) {
    return before + "x".repeat(LONG - before.length() - after.length()) + after;
  }

  @Test
  void textOf60KilobytesShouldBeTakenUpConfirmedAndKept() throws Exception {
    String text = filled(holding() + "; note=", "");
    publishDraft(text);

    KnownDraftPolicy candidate = inForce();
    assertThat(candidate.text()).isEqualTo(text);
    service.confirm(candidate);
    service.close();
    stores.close();
    open();

    assertThat(inForce()).isEqualTo(candidate.confirmed());
    // The answer is too large for the cache of the DNS, and has no time left on top.
    assertThat(candidate.expiresAt()).isEqualTo(clock.instant().plus(WEEK));
    assertThat(lookup().failure()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {DOMAIN, "attacker.example"})
  void failureShouldStayShortWhateverTheUriIs(String place) {
    String text =
        filled("v=STS1; to=true; mx=a.example; c=webpki; e=1; a=https://" + place + "/", "");
    announceDraft(text);
    serveDraft("something else");

    assertReportedOnly(lookup(), text, Kind.INVALID);
    assertThat(failure(lookup()).detail()).hasSizeLessThan(SHORT).contains("https://" + place);
  }

  @Test
  void weightShouldCountAddressesForReports() {
    String text = "v=STS1; to=false; rua=" + "https://a,".repeat(6_000) + "https://a";
    announceDraft(text);

    KnownDraftPolicy policy = inForce();

    assertThat(policy.record().rua()).hasSize(6_001);
    assertThat(policy.weight()).isGreaterThan(6_000);
    assertThat(DraftDiscoveryTest.present(holding()).rua()).hasSize(1);
  }

  @Test
  @Rule(value = A4, in = DraftAuthentication.class)
  void theSameTextShouldNotServeTwoDomains() {
    publishDraft(holding());
    inForce();
    announceDraft("other.example", holding());

    assertReportedOnly(service.lookup(name("other.example")).published(), holding(), Kind.INVALID);
    assertThat(kept()).extracting(KnownPolicy::domain).containsExactly(name(DOMAIN));
  }

  @Test
  void theSameTextShouldBeKeptForEachDomainThatProvesItByDnssec() throws Exception {
    String text = holding().replaceAll(" a=[^;]*", " a=dnssec");
    announceDraft(text);
    announceDraft("other.example", text);
    try (StsPolicyService secure =
        asking(new Validating(resolver, Security.SECURE), NOTHING_REMEMBERED)) {
      KnownDraftPolicy first = draft(secure.lookup(name(DOMAIN)).published()).policy();
      secure.confirm(first);

      KnownDraftPolicy second = draft(secure.lookup(name("other.example")).published()).policy();
      assertThat(second.standing()).isEqualTo(Standing.CANDIDATE);
      assertThat(kept()).containsExactlyInAnyOrder(first.confirmed(), second);
    }
  }

  // A text that another domain failed with must not hold this one up.
  @Test
  void theFailureOfAnotherDomainShouldNotBeRemembered() {
    announceDraft("other.example", holding());
    service.lookup(name("other.example"));
    publishDraft(holding());

    assertThat(inForce().standing()).isEqualTo(Standing.CANDIDATE);
  }

  @Test
  void clockThatGoesBackShouldLeaveThePolicyInForce() {
    KnownDraftPolicy policy = confirmed(holding());
    clock.advance(Duration.ofHours(-2));
    assertAlone(lookup(), policy);

    publishDraft(NEXT);
    KnownDraftPolicy successor = draft(lookup()).successor().orElseThrow();
    assertThat(successor.fetchedAt()).isBefore(policy.fetchedAt());
    service.confirm(successor);

    // The store keeps what was fetched later by its own clock; mail may follow either meanwhile.
    assertThat(inForce()).isEqualTo(policy);
    assertThat(draft(lookup()).successor().map(KnownPolicy::text)).contains(NEXT);

    clock.advance(Duration.ofHours(2).plusSeconds(1));
    service.confirm(draft(recheck()).successor().orElseThrow());
    assertThat(inForce().text()).isEqualTo(NEXT);
  }

  @Test
  void clockThatGoesBackShouldNotBringAnExpiredPolicyToMoreThanItsLifetime() {
    KnownDraftPolicy policy = confirmed(holding());
    dns.remove(DRAFT_RECORD);
    clock.advance(WEEK.plus(TTL));
    none(lookup());
    clock.advance(Duration.ofSeconds(-1));
    assertHolds(lookup(), policy, Kind.VANISHED);
    clock.advance(Duration.ofSeconds(1));
    none(lookup());
  }

  // Who replays an old record gains no more than by withholding the new one.
  @Test
  void replayOfAnOldTextShouldBringNothingBack() {
    confirmed(holding());
    clock.advance(Duration.ofSeconds(1));
    publishDraft(NEXT);
    service.confirm(draft(lookup()).successor().orElseThrow());
    KnownDraftPolicy policy = inForce();

    announceDraft(holding());

    assertHolds(lookup(), policy, Kind.INVALID);
    assertThat(kept()).containsExactly(policy);
  }

  @Test
  void manyForgedTextsShouldLeaveThePolicyAloneAndTheStoreAsItWas() {
    KnownDraftPolicy policy = confirmed(holding());
    for (int i = 0; i < 20; i++) {
      announceDraft(holding("attacker" + i + ".example"));
      assertHolds(lookup(), policy, Kind.INVALID);
    }
    announceDraft(holding());

    assertAlone(lookup(), policy);
    assertThat(kept()).containsExactly(policy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//attacker.example/sts",
        "/../../sts",
        "/%0d%0aHost:%20attacker.example",
        "/?https://attacker.example/"
      })
  @Rule(value = A4, in = DraftAuthentication.class)
  void oddPathsShouldLeadToNobodyElse(String path) {
    dns.a("attacker.example", "127.0.0.1");
    host.serveHost("attacker.example", CA.issue("attacker.example"), PolicyHostEffect.policy("x"));
    publishDraft(holding().replace(PLACE, path));

    assertThat(lookup()).isInstanceOf(PolicyLookup.Draft.class);

    assertThat(host.namesAsked()).isSubsetOf(DOMAIN);
    assertThat(host.requests())
        .allSatisfy(
            request -> {
              assertThat(request.line()).startsWith("GET /").endsWith(" HTTP/1.1");
              assertThat(request.headers()).contains("Host: " + DOMAIN + ":" + host.port());
            });
  }
}
