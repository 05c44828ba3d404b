package org.jamessts.x509;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.PrivateCa;
import org.jamessts.x509.CertificateFacts.Path;
import org.jamessts.x509.CertificateFacts.Trusted;
import org.jamessts.x509.CertificateFacts.Untrusted;
import org.junit.jupiter.api.Test;

/** A session is judged for every mail: the same question is answered from memory, and as before. */
class RememberedPathTest {

  private static final Duration DAY = Duration.ofDays(1);

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Instant start = now.minus(DAY.multipliedBy(30));
  private final Instant end = now.plus(DAY);

  private final PrivateCa root = PrivateCa.create("root");
  private final AtomicInteger searches = new AtomicInteger();
  private final CertificateFacts facts =
      new PathBuilder(TrustAnchors.of(List.of()), Clock.systemUTC())
          .facts(root.issue(start, end, "mx.example.com").chain());

  /** Equal for equal certificates, and counts how often it is asked. */
  private record Choice(X509Certificate anchor, AtomicInteger asked) implements AuthorityChoice {
    @Override
    public List<Authority> among(List<X509Certificate> chain) {
      asked.incrementAndGet();
      return chain.contains(anchor) ? List.of(Authority.ofCertificate(anchor)) : List.of();
    }
  }

  private Optional<Path> to(X509Certificate anchor, Instant moment) {
    return facts.pathTo(new Choice(anchor, searches), moment);
  }

  @Test
  void pathShouldBeSearchedForOnce() {
    for (int mail = 0; mail < 10; mail++) {
      assertThat(to(root.root(), now.plusSeconds(mail))).contains(new Trusted(start, end));
    }
    assertThat(searches).hasValue(1);
  }

  @Test
  void lackOfAPathShouldBeRememberedToo() {
    X509Certificate stranger = PrivateCa.create("root").root();
    for (int mail = 0; mail < 10; mail++) {
      assertThat(to(stranger, now)).isEmpty();
    }
    assertThat(searches).hasValue(1);
  }

  @Test
  void pathShouldBeSearchedForAnewForAnotherChoice() {
    X509Certificate stranger = PrivateCa.create("root").root();

    assertThat(to(root.root(), now)).isPresent();
    assertThat(to(stranger, now)).isEmpty();
    assertThat(to(root.root(), now)).isPresent();
    assertThat(searches).hasValue(3);
  }

  @Test
  void pathShouldBeSearchedForAnewWhenADateHasPassed() {
    to(root.root(), start.minusMillis(1));
    to(root.root(), start);
    assertThat(searches).as("the first second").hasValue(2);
    to(root.root(), end);
    to(root.root(), end.plusNanos(999_999));
    assertThat(searches).as("until the last second, as finely as the JDK tells time").hasValue(2);
    to(root.root(), end.plusMillis(1));
    assertThat(searches).as("after it").hasValue(3);
    to(root.root(), now);
    assertThat(searches).as("and back").hasValue(4);
  }

  // Of two ways to an anchor the one is told that is good at the moment, not the one told before.
  @Test
  void pathShouldNotDependOnWhatWasAskedBefore() {
    PrivateCa longer =
        root.renewed(
            new CertificateDraft().commonName("root").valid(start, end.plus(DAY)).authority());
    PrivateCa shorter =
        root.renewed(new CertificateDraft().commonName("root").valid(start, now).authority());
    List<Authority> both =
        List.of(Authority.ofCertificate(shorter.root()), Authority.ofCertificate(longer.root()));
    AuthorityChoice choice = chain -> both;

    assertThat(facts.pathTo(choice, now)).contains(new Trusted(start, now));
    assertThat(facts.pathTo(choice, now.plusMillis(1))).contains(new Trusted(start, end));
    assertThat(facts.pathTo(choice, now)).contains(new Trusted(start, now));
  }

  @Test
  void chainThatIsTooLongShouldNotBeLookedAt() {
    X509Certificate leaf = facts.chain().get(0);
    CertificateFacts many =
        new CertificateFacts(
            Collections.nCopies(11, leaf), new Untrusted("unknown"), List.of(), Optional.empty());

    assertThat(many.pathTo(new Choice(root.root(), searches), now))
        .contains(new Untrusted("the server sent 11 certificates, over 10"));
    assertThat(searches).hasValue(0);
  }
}
