package org.jamessts.sts2016;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.sts2016.Records.APPENDIX_2;
import static org.jamessts.sts2016.Records.FULL;
import static org.jamessts.sts2016.Records.parsed;

import java.util.List;
import org.jamessts.sts2016.SmtpStsRecordChoice.Invalid;
import org.jamessts.sts2016.SmtpStsRecordChoice.None;
import org.jamessts.sts2016.SmtpStsRecordChoice.Present;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpStsRecordSelectTest {

  @Test
  void selectShouldOverlookUnrelatedRecords() {
    assertThat(SmtpStsRecord.select(List.of("v=spf1 -all", FULL, "", "v=STSv1; id=1")))
        .isEqualTo(new Present(parsed(FULL)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v=spf1 -all",
        " v=STS1; to=false",
        "to=false; v=STS1",
        "v=sts1; to=false",
        "v=STS10; to=false",
        "v=STS1,to=false",
        "v=STSv1; id=1"
      })
  void selectShouldDiscardRecordsOfNoSuchVersion(String text) {
    assertThat(SmtpStsRecord.select(List.of(text)))
        .isEqualTo(new None("no TXT record begins with v=STS1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v=STS1", "v=STS1;", "V = STS1 ; to=maybe", "v=STS1 to=false"})
  void selectShouldCallABadRecordOfTheVersionInvalid(String text) {
    assertThat(SmtpStsRecord.select(List.of("v=spf1 -all", text)))
        .isInstanceOfSatisfying(
            Invalid.class, invalid -> assertThat(invalid.reason()).startsWith("the record"));
  }

  @Test
  void selectShouldFindNoneAmongTwoCandidatesEvenWhenOneIsInvalid() {
    assertThat(SmtpStsRecord.select(List.of(FULL, "v=STS1;")))
        .isEqualTo(new None("2 TXT records begin with v=STS1"));
  }

  @Test
  void selectShouldFindNoneWhenARecordIsThereTwice() {
    assertThat(SmtpStsRecord.select(List.of(FULL, FULL))).isInstanceOf(None.class);
  }

  @Test
  void selectShouldNeverJoinRecords() {
    assertThat(SmtpStsRecord.select(List.of("v=STS1; t", "o=false"))).isInstanceOf(Invalid.class);
  }

  @Test
  void selectShouldFindNoneInNothing() {
    assertThat(SmtpStsRecord.select(List.of())).isInstanceOf(None.class);
  }

  @Test
  void reasonShouldSayWhatAPresentRecordAsks() {
    assertThat(SmtpStsRecord.select(List.of(FULL)).reason()).contains("to=true");
    assertThat(SmtpStsRecord.select(List.of(APPENDIX_2)).reason()).contains("to=false");
  }
}
