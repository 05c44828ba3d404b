package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the domain itself vouches for its record (draft -00 §3.3). */
class DraftAuthenticationTest extends DraftWorld {

  private static final String A4 = "draft-margolis-smtp-sts-00 A4";
  private static final String A5 = "draft-margolis-smtp-sts-00 A5";
  private static final String A6 = "draft-margolis-smtp-sts-00 A6";
  private static final String A7 = "draft-margolis-smtp-sts-00 A7";
  private static final String A12 = "draft-margolis-smtp-sts-00 A12";

  private static String at(String place) {
    return holding().replace("webpki:https://" + DOMAIN + PLACE, place);
  }

  @Test
  @Rule(value = A4, in = DraftAuthentication.class)
  void lookupShouldTakeUpARecordThatTheDomainServesToo() {
    publishDraft(holding());

    PolicyLookup lookup = lookup();

    assertAlone(lookup, draft(lookup).policy());
    assertThat(draft(lookup).policy().standing()).isEqualTo(Standing.CANDIDATE);
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "the forger's host, webpki:https://attacker.example/sts",
    "the policy host of RFC 8461, webpki:https://mta-sts.example.com/sts",
    "a name below the domain, webpki:https://policy.example.com/sts",
    "a name that ends alike, webpki:https://notexample.com/sts",
    "a name that begins alike, webpki:https://example.com.attacker.example/sts",
    "the parent, webpki:https://com/sts",
    "another port, webpki:https://example.com:8443/sts",
    "the port of clear text, webpki:https://example.com:80/sts"
  })
  @Rule(value = A4, in = DraftAuthentication.class)
  void lookupShouldContactNobodyForARecordThatNamesAnotherPlaceThanTheDomain(
      String place, String value) {
    String text = at(value);
    publishDraft(text);
    for (String other :
        new String[] {
          "attacker.example",
          "mta-sts.example.com",
          "policy.example.com",
          "notexample.com",
          "example.com.attacker.example",
          "com"
        }) {
      dns.a(other, "127.0.0.1");
      host.serveHost(other, CA.issue(other), PolicyHostEffect.policy(text));
    }

    assertReportedOnly(lookup(), text, Kind.INVALID);

    assertThat(host.namesAsked()).isEmpty();
    assertThat(dns.queries())
        .extracting(PrivateDns.Query::name)
        .containsExactly(RECORD, DRAFT_RECORD);
    assertThat(kept()).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1} is {2}")
  @CsvSource({
    "as the draft has it, https://example.com/.well-known/smtp-sts/current, /.well-known/smtp-sts/current",
    "another place, webpki:https://example.com/sts.txt, /sts.txt",
    "no path, webpki:https://example.com, /",
    "the root, webpki:https://example.com/, /",
    "a query, webpki:https://example.com/sts?v=1&x=%3B, /sts?v=1&x=%3B",
    "a query alone, webpki:https://example.com?v=1, /?v=1",
    "escaped octets stay escaped, webpki:https://example.com/a%2Fb%20c, /a%2Fb%20c",
    "host in other case, HTTPS://Example.COM/Sts, /Sts",
    "root dot, webpki:https://example.com./sts, /sts",
    "the port of HTTPS, webpki:https://example.com:443/sts, /sts"
  })
  @Rule(value = A7, in = DraftAuthentication.class)
  void lookupShouldAskForThePathThatTheRecordNames(String rule, String value, String path) {
    publishDraft(at(value));

    assertThat(inForce().standing()).isEqualTo(Standing.CANDIDATE);

    assertThat(host.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.line()).isEqualTo("GET " + path + " HTTP/1.1"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = A4, in = DraftAuthentication.class)
  @Rule(value = A5, in = DraftAuthentication.class)
  void lookupShouldBelieveNoBodyButTheSameOctets(String difference, String body) {
    announceDraft(holding());
    serveDraft(body);

    assertReportedOnly(lookup(), holding(), Kind.INVALID);
    assertThat(failure(lookup()).detail()).contains("is not the TXT record");
    assertThat(kept()).isEmpty();
  }

  static Stream<Arguments> lookupShouldBelieveNoBodyButTheSameOctets() {
    String text = holding();
    return Stream.of(
        arguments("one octet more", text + ";"),
        arguments("white space at the end", text + " "),
        arguments("a line feed at the end", text + "\n"),
        arguments("a line end at the end", text + "\r\n"),
        arguments("one octet less", text.substring(0, text.length() - 1)),
        arguments("nothing", ""),
        arguments("other case", text.replace("to=true", "to=TRUE")),
        arguments("white space within", text.replace("; mx", ";  mx")),
        arguments("quotes, as zone files have them", "\"" + text + "\""),
        arguments("a byte order mark", "\ufeff" + text),
        arguments("another policy", holding("other.example")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = A5, in = HttpsPolicyFetcher.class)
  void lookupShouldTakeNoAnswerThatRfc8461Refuses(
      String rule, Consumer<DraftWorld> answer, Kind failure) {
    announceDraft(holding());
    answer.accept(this);

    assertReportedOnly(lookup(), holding(), failure);
    assertThat(kept()).isEmpty();
  }

  static Stream<Arguments> lookupShouldTakeNoAnswerThatRfc8461Refuses() {
    String text = holding();
    String plain = "Content-Type: text/plain\r\n";
    return Stream.of(
        arguments("no address", served(w -> w.dns.remove(DOMAIN)), Kind.FETCH),
        arguments("status 201", sent(PolicyHostEffect.answer("201 x", plain, text)), Kind.FETCH),
        arguments("status 404", sent(PolicyHostEffect.answer("404 x", plain, text)), Kind.FETCH),
        arguments(
            "a redirect to the same text",
            served(
                w -> {
                  w.dns.a("www." + DOMAIN, "127.0.0.1");
                  w.host.serveHost(
                      "www." + DOMAIN, CA.issue("www." + DOMAIN), PolicyHostEffect.policy(text));
                  w.serveDraft(PolicyHostEffect.redirect("https://www." + DOMAIN + "/"));
                }),
            Kind.FETCH),
        arguments(
            "HTML",
            sent(PolicyHostEffect.answer("200 OK", "Content-Type: text/html\r\n", text)),
            Kind.FETCH),
        arguments("compressed", sent(PolicyHostEffect.gzip(text)), Kind.FETCH),
        arguments(
            "a body without its length",
            sent(new PolicyHostEffect.Raw(PolicyHostEffect.head("200 OK", plain) + text)),
            Kind.FETCH),
        arguments(
            "over 64 KiB",
            sent(
                new PolicyHostEffect.Endless(
                    PolicyHostEffect.head("200 OK", plain + "Transfer-Encoding: chunked\r\n"),
                    "400\r\n" + "x".repeat(0x400) + "\r\n")),
            Kind.FETCH),
        arguments(
            "a certificate of another name",
            served(
                w ->
                    w.host.serveHost(
                        DOMAIN, CA.issue("www." + DOMAIN), PolicyHostEffect.policy(text))),
            Kind.WEBPKI),
        arguments(
            "a certificate of nobody",
            served(
                w ->
                    w.host.serveHost(
                        DOMAIN, PrivateCa.selfSigned(DOMAIN), PolicyHostEffect.policy(text))),
            Kind.WEBPKI));
  }

  private static Consumer<DraftWorld> sent(PolicyHostEffect effect) {
    return world -> world.serveDraft(effect);
  }

  private static Consumer<DraftWorld> served(Consumer<DraftWorld> change) {
    return world -> {
      world.serveDraft(holding());
      change.accept(world);
    };
  }

  @Test
  @Rule(value = A5, in = HttpsPolicyFetcher.class)
  void lookupShouldNotWaitForAHostThatNeverAnswers() throws Exception {
    announceDraft(holding());
    serveDraft(new PolicyHostEffect.Hang());
    try (HttpsPolicyFetcher impatient = fetcher(Duration.ofSeconds(1));
        StsPolicyService slow = service(NOTHING_REMEMBERED, impatient, Preloads.NONE)) {
      assertReportedOnly(slow.lookup(name(DOMAIN)).published(), holding(), Kind.FETCH);
    }
  }

  @Test
  @Rule(value = A6, in = DraftAuthentication.class)
  void lookupShouldTakeUpARecordThatDnssecProves() throws Exception {
    announceDraft(at("dnssec"));
    try (StsPolicyService secure =
        asking(new Validating(resolver, Security.SECURE), NOTHING_REMEMBERED)) {
      KnownDraftPolicy policy = draft(secure.lookup(name(DOMAIN)).published()).policy();

      assertThat(policy.standing()).isEqualTo(Standing.CANDIDATE);
      assertThat(kept()).containsExactly(policy);
      assertThat(host.namesAsked()).isEmpty();
    }
  }

  @Test
  @Rule(value = A6, in = DraftAuthentication.class)
  @Rule(value = A12, in = DraftAuthentication.class)
  void lookupShouldNotTakeUpARecordThatWantsDnssecAndComesWithout() {
    publishDraft(at("dnssec"));

    assertReportedOnly(lookup(), at("dnssec"), Kind.UNSUPPORTED);

    assertThat(kept()).isEmpty();
    assertThat(host.namesAsked()).isEmpty();
  }

  @Test
  @Rule(value = A4, in = DraftAuthentication.class)
  void lookupShouldWantTheCopyAlsoWhereDnssecProvesTheRecord() throws Exception {
    announceDraft(holding());
    serveDraft("something else");
    try (StsPolicyService secure =
        asking(new Validating(resolver, Security.SECURE), NOTHING_REMEMBERED)) {
      assertReportedOnly(secure.lookup(name(DOMAIN)).published(), holding(), Kind.INVALID);
    }
  }

  // RFC 8461 §3.3 asks for five minutes; the text is what tells versions apart.
  @Test
  void lookupShouldLeaveATextAloneForFiveMinutesAfterItFailed() {
    announceDraft(holding());
    serveDraft("not yet");
    for (int minute = 0; minute < 5; minute++) {
      assertReportedOnly(lookup(), holding(), Kind.INVALID);
      clock.advance(Duration.ofMinutes(1));
    }
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(1);

    serveDraft(holding());

    assertThat(inForce().standing()).isEqualTo(Standing.CANDIDATE);
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(2);
  }

  @Test
  void lookupShouldAskAtOnceForAnotherTextAfterOneThatFailed() {
    announceDraft(holding());
    serveDraft("not yet");
    lookup();
    publishDraft(holding("mx2." + DOMAIN));

    assertThat(inForce().standing()).isEqualTo(Standing.CANDIDATE);
    assertThat(lookup().failure()).isEqualTo(Optional.empty());
  }
}
