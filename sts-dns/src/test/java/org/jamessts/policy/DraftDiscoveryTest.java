package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a record of the draft of 2016 is looked for (draft -00 §3, else RFC 8461 §3.1). */
class DraftDiscoveryTest extends DraftWorld {

  private static final String A1 = "draft-margolis-smtp-sts-00 A1";
  private static final String A2 = "draft-margolis-smtp-sts-00 A2";
  private static final String A3 = "draft-margolis-smtp-sts-00 A3";

  @Test
  @Rule(value = A1, in = DraftSource.class)
  void lookupShouldFindTheRecordBelowTheRecipientsDomain() {
    publishDraft(holding());

    KnownDraftPolicy policy = inForce();

    assertThat(policy.domain()).isEqualTo(name(DOMAIN));
    assertThat(policy.text()).isEqualTo(holding());
    assertThat(policy.record()).isEqualTo(present(holding()));
    assertThat(policy.standing()).isEqualTo(Standing.CANDIDATE);
    assertThat(policy.fetchedAt()).isEqualTo(clock.instant());
    assertThat(kept()).containsExactly(policy);
    assertThat(dns.queries(DRAFT_RECORD, "TXT")).isEqualTo(1);
  }

  static SmtpStsRecord present(String text) {
    return ((SmtpStsRecordParse.Parsed) SmtpStsRecord.parse(text)).record();
  }

  @Test
  @Rule(value = A3, in = DraftSource.class)
  void lookupShouldNotAskForTheNameWithAHyphen() {
    dns.txt("_smtp-sts." + DOMAIN, holding());
    serveDraft(holding());

    none(lookup());

    assertThat(dns.queries())
        .extracting(PrivateDns.Query::name)
        .containsExactly(RECORD, DRAFT_RECORD);
    assertThat(host.namesAsked()).isEmpty();
  }

  @Test
  void lookupShouldSeeNoPolicyWhereThereIsNoRecord() {
    assertThat(lookup().failure()).isEmpty();
    assertThat(none(lookup()).reason()).contains("v=STSv1");
    assertThat(kept()).isEmpty();
  }

  @Test
  @Rule(value = A2, in = DraftSource.class)
  void lookupShouldJoinTheStringsOfARecord() {
    serveDraft(holding());
    dns.txt(DRAFT_RECORD, holding().substring(0, 11), holding().substring(11));

    assertThat(inForce().text()).isEqualTo(holding());
  }

  @Test
  @Rule(value = A2, in = DraftSource.class)
  void lookupShouldFollowACnameOfTheRecordAndKeepThePolicyDomain() {
    serveDraft(holding());
    dns.cname(DRAFT_RECORD, "_smtp_sts.provider.example");
    dns.txt("_smtp_sts.provider.example", holding());

    assertThat(inForce().domain()).isEqualTo(name(DOMAIN));
    assertThat(inForce().standing()).isEqualTo(Standing.CANDIDATE);
    assertThat(host.namesAsked()).containsExactly(DOMAIN);
  }

  @Test
  @Rule(value = A2, in = DraftSource.class)
  void lookupShouldOverlookUnrelatedRecords() {
    publishDraft(holding());
    dns.txt(DRAFT_RECORD, "v=STSv1; id=1").txt(DRAFT_RECORD, "google-site-verification=x");

    assertThat(inForce().text()).isEqualTo(holding());
  }

  @Test
  @Rule(value = A2, in = DraftSource.class)
  void lookupShouldFollowNeitherOfTwoRecords() {
    publishDraft(holding());
    dns.txt(DRAFT_RECORD, holding("other.example"));

    none(lookup());
    assertThat(kept()).isEmpty();
    assertThat(host.namesAsked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v=STS1; to=true", "v=STS1; to=maybe", "v=STS2; to=false", "v=STS1"})
  void lookupShouldContactNobodyForABadRecord(String text) {
    announceDraft(text);
    serveDraft(text);

    none(lookup());

    assertThat(lookup().failure()).isEmpty();
    assertThat(host.namesAsked()).isEmpty();
  }

  @Test
  @Rule(value = A2, in = DraftSource.class)
  void lookupShouldNeverAskAboutTheParentDomain() {
    publishDraft(holding());

    none(service.lookup(name("sub." + DOMAIN)).published());

    assertThat(dns.queries())
        .extracting(PrivateDns.Query::name)
        .containsExactly("_mta-sts.sub." + DOMAIN, "_smtp_sts.sub." + DOMAIN);
  }

  @Test
  void lookupShouldDeliverAndReportWhenTheDnsFails() {
    dns.fault(DRAFT_RECORD, "TXT", DnsFault.SERVFAIL);

    assertThat(failure(none(lookup())).kind()).isEqualTo(PolicyFailure.Kind.DNS);
    assertThat(failure(lookup()).detail()).contains(DRAFT_RECORD);
  }

  // RFC 8461 has no room for a domain so long that no label fits before it; nor has the draft.
  @Test
  void lookupShouldSeeNoPolicyOfADomainThatIsTooLongForALabel() {
    String label = "a".repeat(61);
    String longest = String.join(".", List.of(label, label, label, label, "com"));

    assertThat(none(service.lookup(name(longest)).published()).failure())
        .isEqualTo(Optional.empty());
  }
}
