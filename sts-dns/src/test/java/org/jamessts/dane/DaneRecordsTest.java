package org.jamessts.dane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.testing.Rule;
import org.jamessts.testing.UnaskedResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers to TLSA questions, and what follows from each (RFC 7672 §2.1, §2.2). */
class DaneRecordsTest {

  private static final DomainName EXPANDED = new DomainName("host.example.net");
  private static final DomainName ORIGINAL = new DomainName("mx.example.com");
  private static final int PORT = 25;

  private static final TlsaRecord RECORD = new TlsaRecord(3, 1, 1, new byte[32]);
  private static final TlsaRecord PKIX = new TlsaRecord(1, 1, 1, new byte[32]);

  private static final DnsAnswer<TlsaRecord> SECURE = found(Security.SECURE, RECORD);
  private static final DnsAnswer<TlsaRecord> MIXED = found(Security.SECURE, PKIX, RECORD);
  private static final DnsAnswer<TlsaRecord> INSECURE = found(Security.INSECURE, RECORD);
  private static final DnsAnswer<TlsaRecord> UNUSABLE = found(Security.SECURE, PKIX);
  private static final DnsAnswer<TlsaRecord> INSECURE_UNUSABLE = found(Security.INSECURE, PKIX);
  private static final DnsAnswer<TlsaRecord> ABSENT = new DnsAnswer.Absent<>(true, Security.SECURE);
  private static final DnsAnswer<TlsaRecord> INSECURELY_ABSENT =
      new DnsAnswer.Absent<>(false, Security.INSECURE);
  private static final DnsAnswer<TlsaRecord> FAILED =
      new DnsAnswer.Failed<>(Failure.BOGUS, "a signature is wrong");

  private static final DaneLookup LOOKUP_FAILED =
      new DaneLookup.Failed(Failure.BOGUS, "a signature is wrong");

  private static final String NOT_PROVEN = "DNSSEC does not prove the TLSA records of ";
  private static final String NO_PKIX =
      "no TLSA record can be used: usage 1 is not for SMTP (RFC 7672 §3.1.3)";

  /** Answers by base domain; whoever asks for another name or port gets an exception. */
  private static final class Answers extends UnaskedResolver {
    private final List<DomainName> asked = new ArrayList<>();
    private final Map<DomainName, DnsAnswer<TlsaRecord>> byBase;

    Answers(Map<DomainName, DnsAnswer<TlsaRecord>> byBase) {
      this.byBase = byBase;
    }

    @Override
    public DnsReply<TlsaRecord> tlsa(int port, DomainName base) {
      asked.add(base);
      DnsAnswer<TlsaRecord> answer = byBase.get(base);
      if (port != PORT || answer == null) {
        return super.tlsa(port, base);
      }
      return new DnsReply<>(answer, Duration.ofMinutes(5));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 7672 D4", in = DaneRecords.class)
  @Rule(value = "RFC 7672 D7", in = DaneRecords.class)
  @Rule(value = "RFC 7672 D8", in = DaneRecords.class)
  @Rule(value = "RFC 7672 D12", in = DaneRecords.class)
  void lookupShouldFollowTheTable(
      String rule,
      DnsAnswer<TlsaRecord> expanded,
      DnsAnswer<TlsaRecord> original,
      DaneLookup outcome) {
    assertThat(lookup(expanded, original, Guards.ALL)).isEqualTo(outcome);
  }

  static Stream<Arguments> lookupShouldFollowTheTable() {
    return Stream.of(
        arguments("usable at the first base", SECURE, FAILED, usable(EXPANDED)),
        arguments("usable beside unusable", MIXED, FAILED, usable(EXPANDED)),
        arguments("absent at the first base", ABSENT, SECURE, usable(ORIGINAL)),
        arguments("absent without proof", INSECURELY_ABSENT, SECURE, usable(ORIGINAL)),
        arguments("insecure at the first base", INSECURE, SECURE, usable(ORIGINAL)),
        arguments(
            "unusable is an answer, and final",
            UNUSABLE,
            SECURE,
            new DaneLookup.Unusable(EXPANDED, List.of(PKIX), NO_PKIX)),
        arguments(
            "unusable at the second base",
            ABSENT,
            UNUSABLE,
            new DaneLookup.Unusable(ORIGINAL, List.of(PKIX), NO_PKIX)),
        arguments(
            "insecure and unusable",
            INSECURE_UNUSABLE,
            ABSENT,
            new DaneLookup.None(NOT_PROVEN + EXPANDED + "; mx.example.com has no TLSA records")),
        arguments("failed at the first base", FAILED, SECURE, LOOKUP_FAILED),
        arguments("failed at the second base", ABSENT, FAILED, LOOKUP_FAILED),
        arguments("failed after an insecure answer", INSECURE, FAILED, LOOKUP_FAILED),
        arguments(
            "absent everywhere",
            ABSENT,
            INSECURELY_ABSENT,
            new DaneLookup.None(
                "host.example.net has no TLSA records; mx.example.com has no TLSA records")),
        arguments(
            "insecure everywhere",
            INSECURE,
            INSECURE,
            new DaneLookup.None(NOT_PROVEN + EXPANDED + "; " + NOT_PROVEN + ORIGINAL)));
  }

  @Test
  @Rule(value = "RFC 7672 D11", in = DaneRecords.class)
  void lookupShouldAskNobodyWhereTheAddressesAreNotProven() {
    Answers answers = new Answers(Map.of());

    assertThat(new DaneRecords(answers, DigestAgility.STANDARD, Guards.ALL).lookup(List.of(), PORT))
        .isEqualTo(new DaneLookup.None("DNSSEC does not prove the addresses of the host"));
    assertThat(answers.asked).isEmpty();
  }

  @Test
  @Rule(value = "RFC 7672 D4", in = DaneRecords.class)
  void lookupShouldNotAskFurtherThanItMust() {
    Answers answers = new Answers(Map.of(EXPANDED, FAILED, ORIGINAL, SECURE));

    new DaneRecords(answers, DigestAgility.STANDARD, Guards.ALL)
        .lookup(List.of(EXPANDED, ORIGINAL), PORT);

    assertThat(answers.asked).containsExactly(EXPANDED);
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void lookupShouldTellAnyFailure(Failure failure) {
    assertThat(lookup(new DnsAnswer.Failed<>(failure, "detail"), SECURE, Guards.ALL))
        .isEqualTo(new DaneLookup.Failed(failure, "detail"));
  }

  // What each guard forbids happens when it is off, and nothing else.
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void lookupShouldMakeTheMistakeThatAMissingGuardForbids(
      Guard off, DnsAnswer<TlsaRecord> answer, DaneLookup mistake) {
    assertThat(lookup(answer, ABSENT, guard -> guard != off)).isEqualTo(mistake);
    assertThat(lookup(answer, ABSENT, guard -> guard == off))
        .isEqualTo(lookup(answer, ABSENT, Guards.ALL))
        .isNotEqualTo(mistake);
  }

  static Stream<Arguments> lookupShouldMakeTheMistakeThatAMissingGuardForbids() {
    String absent = "; mx.example.com has no TLSA records";
    return Stream.of(
        arguments(Guard.TLSA_MUST_BE_PROVEN, INSECURE, usable(EXPANDED)),
        arguments(
            Guard.TLSA_FAILURE_IS_NO_ANSWER,
            FAILED,
            new DaneLookup.None("a signature is wrong" + absent)),
        arguments(Guard.UNUSABLE_STILL_MEANS_TLS, UNUSABLE, new DaneLookup.None(NO_PKIX + absent)));
  }

  private static DaneLookup lookup(
      DnsAnswer<TlsaRecord> expanded, DnsAnswer<TlsaRecord> original, Guards guards) {
    Answers answers = new Answers(Map.of(EXPANDED, expanded, ORIGINAL, original));
    return new DaneRecords(answers, DigestAgility.STANDARD, guards)
        .lookup(List.of(EXPANDED, ORIGINAL), PORT);
  }

  private static DnsAnswer<TlsaRecord> found(Security security, TlsaRecord... records) {
    return new DnsAnswer.Found<>(List.of(records), security);
  }

  private static DaneLookup usable(DomainName base) {
    return new DaneLookup.Usable(new TlsaSet(base, List.of(RECORD)));
  }
}
