package org.jamessts.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.PolicyHostEffect.answer;
import static org.jamessts.testing.PolicyHostEffect.gzip;
import static org.jamessts.testing.PolicyHostEffect.head;
import static org.jamessts.testing.PolicyHostEffect.policy;
import static org.jamessts.testing.PolicyHostEffect.redirect;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PolicyHostEffect.Endless;
import org.jamessts.testing.PolicyHostEffect.Raw;
import org.jamessts.testing.Rule;
import org.jamessts.x509.UnjudgedTls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HttpsPolicyFetcherAnswerTest extends FetcherWorld {

  @Test
  void fetchShouldReturnTheBody() throws Exception {
    host.serve(DOMAIN, GOOD, policy(POLICY));

    assertThat(body(fetch(AMPLE))).isEqualTo(POLICY);
  }

  @Test
  @Rule(value = "RFC 8461 S5", in = HttpsPolicyFetcher.class)
  @Rule(value = "RFC 8461 S7", in = UnjudgedTls.class)
  void fetchShouldAskForTheWellKnownPathUnderTheHostsNameAndNothingElse() throws Exception {
    host.serve(DOMAIN, GOOD, policy(POLICY));

    fetch(AMPLE);

    assertThat(host.requests()).hasSize(1);
    PolicyHost.Request request = host.requests().get(0);
    // RFC 8461 §3.2 (URL), §7.1 (SNI).
    assertThat(request.sni()).isEqualTo(HOST);
    assertThat(request.line()).isEqualTo("GET /.well-known/mta-sts.txt HTTP/1.1");
    assertThat(request.headers())
        .containsExactlyInAnyOrder(
            "Host: " + HOST + ":" + host.port(),
            "User-Agent: james-sts (RFC 8461)",
            "Connection: close");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 8461 S9", in = GuardedGet.class)
  void fetchShouldAccept(String rule, PolicyHostEffect effect) throws Exception {
    host.serve(DOMAIN, GOOD, effect);

    assertThat(body(fetch(AMPLE))).isEqualTo(POLICY);
  }

  static Stream<Arguments> fetchShouldAccept() {
    String chunked = "Transfer-Encoding: chunked\r\n";
    String chunk = Integer.toHexString(POLICY.length()) + "\r\n" + POLICY + "\r\n0\r\n\r\n";
    return Stream.of(
        arguments("chunks", new Raw(head("200 OK", PLAIN + chunked) + chunk)),
        arguments("HTTP/1.0", new Raw(http10("Content-Length: " + POLICY.length() + "\r\n"))),
        arguments("status 200 by any phrase", answer("200 Fine", PLAIN, POLICY)),
        arguments("no media type", answer("200 OK", "", POLICY)),
        arguments("media type in other case", media("Text/Plain", POLICY)),
        arguments("charset us-ascii", media("text/plain; charset=us-ascii", POLICY)),
        arguments("other charset is ignored", media("text/plain;charset=latin1", POLICY)),
        arguments("other parameters are ignored", media("text/plain ; a=\"b;c\"", POLICY)),
        arguments("identity coding", answer("200 OK", "Content-Encoding: identity\r\n", POLICY)),
        arguments("cookies", answer("200 OK", PLAIN + "Set-Cookie: a=b\r\n", POLICY)),
        arguments(
            "interim answers",
            new Raw("HTTP/1.1 103 Early Hints\r\n\r\n" + text((Raw) policy(POLICY)))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 8461 S8", in = GuardedGet.class)
  @Rule(value = "RFC 8461 S9", in = GuardedGet.class)
  @Rule(value = "RFC 8461 S11", in = GuardedGet.class)
  void fetchShouldRefuse(String rule, PolicyHostEffect effect, String reason) throws Exception {
    host.serve(DOMAIN, GOOD, effect);

    assertThat(failure(fetch(AMPLE)))
        .satisfies(f -> assertThat(f.kind()).isEqualTo(PolicyFailure.Kind.FETCH))
        .satisfies(f -> assertThat(f.detail()).contains(reason));
    // Nothing is tried again.
    assertThat(host.requests()).hasSize(1);
  }

  static Stream<Arguments> fetchShouldRefuse() {
    String chunked = head("200 OK", PLAIN + "Transfer-Encoding: chunked\r\n");
    String length = "Content-Length: ";
    return Stream.of(
        // RFC 8461 §3.3: exactly 200.
        arguments("201", answer("201 Created", PLAIN, POLICY), "status 201, not 200"),
        arguments("204", new Raw(head("204 No Content", "")), "status 204"),
        arguments("206", answer("206 Partial Content", PLAIN, POLICY), "status 206"),
        arguments("304", new Raw(head("304 Not Modified", "")), "status 304"),
        arguments("404", answer("404 Not Found", PLAIN, POLICY), "status 404"),
        arguments("503", answer("503 Service Unavailable", PLAIN, POLICY), "status 503"),
        arguments("challenge", answer("401 U", "WWW-Authenticate: Basic\r\n", ""), "status 401"),
        // RFC 8461 §3.2: text/plain.
        arguments("HTML", media("text/html", POLICY), "not text/plain: text/html"),
        arguments("prefix of a type", media("text/plainer", POLICY), "not text/plain"),
        arguments("empty type", media("", POLICY), "not text/plain"),
        arguments(
            "two types", answer("200 OK", PLAIN + "Content-Type: image/png\r\n", POLICY), "image"),
        // Size.
        arguments("65537 octets", media("text/plain", "x".repeat(65_537)), "over 65536 octets"),
        arguments(
            "length beyond the bound",
            new Raw(head("200 OK", PLAIN + length + "99999999999\r\n")),
            "over 65536 octets"),
        arguments(
            "endless chunks",
            new Endless(chunked, "400\r\n" + "x".repeat(1024) + "\r\n"),
            "over 65536 octets"),
        arguments("endless header line", new Endless("HTTP/1.1 200 OK\r\nA: ", "x"), "limit"),
        arguments("endless headers", new Endless("HTTP/1.1 200 OK\r\n", "A: b\r\n"), "count"),
        arguments(
            "endless folded header", new Endless("HTTP/1.1 200 OK\r\nA: b\r\n", " b\r\n"), ""),
        arguments("endless blank lines", new Endless("", "\r\n"), ""),
        arguments("endless chunk size", new Endless(chunked, "0"), "limit"),
        arguments("endless trailers", new Endless(chunked + "0\r\n", "A: b\r\n"), "count"),
        // Encodings and framing.
        arguments("gzip", gzip(POLICY), "the body is encoded: gzip"),
        arguments("gzip as transfer coding", transfer("gzip, chunked"), "ransfer"),
        arguments("body until the end of the connection", new Raw(http10("")), "length"),
        arguments(
            "body shorter than declared",
            new Raw(head("200 OK", PLAIN + length + "999\r\n") + POLICY),
            "remature"),
        arguments("chunk shorter than declared", new Raw(chunked + "400\r\nx"), "runcated"),
        arguments("no last chunk", new Raw(chunked + "1\r\nx\r\n"), "remature"),
        arguments("no chunk size", new Raw(chunked + "zz\r\n"), "chunk"),
        arguments("negative chunk", new Raw(chunked + "-1\r\n"), "chunk"),
        arguments("length that is no number", new Raw(head("200 OK", length + "x\r\n")), ""),
        arguments("negative length", new Raw(head("200 OK", length + "-1\r\n")), ""),
        arguments(
            "two lengths", new Raw(head("200 OK", length + "1\r\n" + length + "2\r\n") + "xx"), ""),
        // Not HTTP.
        arguments("nothing", new Raw(""), "no good answer"),
        arguments("garbage", new Raw("\u0000\u00ff\u0001\r\n\r\n"), "no good answer"),
        arguments("another protocol", new Raw("220 mail.example.com ESMTP\r\n\r\n"), "no good"),
        arguments("HTTP/2", new Raw("HTTP/2 200 OK\r\n" + PLAIN + "\r\n"), "no good"),
        arguments("status that is no number", new Raw("HTTP/1.1 OK\r\n\r\n"), "no good answer"),
        arguments("cut in a header", new Raw("HTTP/1.1 200 OK\r\nContent-Ty"), ""));
  }

  @Test
  @Rule(value = "RFC 8461 S8", in = GuardedGet.class)
  void fetchShouldNotFollowRedirectsEvenToAGoodPolicy() throws Exception {
    host.serve(DOMAIN, GOOD, redirect("https://mta-sts.example.net/.well-known/mta-sts.txt"));
    host.serve("example.net", CA.issue("mta-sts.example.net"), policy(POLICY));
    dns.a("mta-sts.example.net", "127.0.0.1");

    assertThat(failure(fetch(AMPLE)).detail()).contains("status 301, not 200");
    assertThat(host.requests("example.net")).isZero();
    assertThat(dns.queries("mta-sts.example.net", "A")).isZero();
  }

  @Test
  @Rule(value = "RFC 8461 S8", in = GuardedGet.class)
  void fetchShouldAskAnewWhateverTheAnswerSaysOfKeepingIt() throws Exception {
    String keep =
        PLAIN
            + "Cache-Control: public, max-age=31536000, immutable\r\n"
            + "Expires: Thu, 31 Dec 2099 23:59:59 GMT\r\n"
            + "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
            + "ETag: \"1\"\r\n";
    String changed = POLICY.replace("enforce", "testing");
    try (HttpsPolicyFetcher fetcher = fetcher(new HttpsSettings(host.port(), true, AMPLE))) {
      host.serve(DOMAIN, GOOD, answer("200 OK", keep, POLICY));
      assertThat(body(fetcher.fetch(DomainName.parse(HOST), PATH))).isEqualTo(POLICY);
      host.serve(DOMAIN, GOOD, answer("200 OK", keep, changed));

      assertThat(body(fetcher.fetch(DomainName.parse(HOST), PATH))).isEqualTo(changed);
    }
    // Nor is the host asked whether anything has changed.
    assertThat(host.requests()).hasSize(2);
    assertThat(host.requests().get(1)).isEqualTo(host.requests().get(0));
  }

  @Test
  @Rule(value = "RFC 8461 S11", in = GuardedGet.class)
  void fetchShouldAcceptABodyOf65536Octets() throws Exception {
    host.serve(DOMAIN, GOOD, media("text/plain", "x".repeat(65_536)));

    assertThat(body(fetch(AMPLE))).hasSize(65_536);
  }

  private static String text(Raw raw) {
    return raw.octets();
  }

  private static PolicyHostEffect media(String type, String body) {
    return answer("200 OK", "Content-Type: " + type + "\r\n", body);
  }

  private static PolicyHostEffect transfer(String coding) {
    return new Raw(head("200 OK", PLAIN + "Transfer-Encoding: " + coding + "\r\n"));
  }

  private static String http10(String headers) {
    return "HTTP/1.0 200 OK\r\n" + PLAIN + headers + "\r\n" + POLICY;
  }
}
