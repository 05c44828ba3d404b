package org.jamessts.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.PrivateCa;
import org.jamessts.x509.CertificateFacts.Trusted;
import org.jamessts.x509.CertificateFacts.Untrusted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chains that a server sends to keep us busy. */
class HostileChainTest {

  private static final PrivateCa CA = PrivateCa.create("root");
  private static final PathBuilder PATHS =
      new PathBuilder(TrustAnchors.of(List.of(CA.root())), Clock.systemUTC());

  /** Intermediates that vouch for one another by name: each order of them looks like a path. */
  @ParameterizedTest
  @ValueSource(ints = {2, 6, 8, 14})
  void factsShouldTakeNoTimeForIntermediatesThatGoRoundInCircles(int intermediates) {
    List<X509Certificate> chain =
        Stream.concat(
                Stream.of(PrivateCa.create("root").issue("mx.example.com").leaf()),
                Stream.iterate(0, i -> i < intermediates, i -> i + 1)
                    .map(i -> i % 2 == 0 ? named("root", "sub") : named("sub", "root")))
            .toList();

    CertificateFacts facts =
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> PATHS.facts(chain));

    assertThat(facts.path()).isInstanceOf(Untrusted.class);
  }

  @Test
  void factsShouldBearWithTwoStrangersOfTheRootsName() {
    List<X509Certificate> chain =
        Stream.concat(
                CA.issue("mx.example.com").chain().stream(),
                Stream.of(named("root", "root"), named("root", "sub")))
            .toList();

    assertThat(PATHS.facts(chain).path()).isInstanceOf(Trusted.class);
  }

  /**
   * A JVM may forbid an algorithm from a day on. An expired certificate that the path does not need
   * must not have the chain judged by the rules of its own time. In a JVM of its own, since these
   * constraints are read once.
   */
  @Test
  void factsShouldNotJudgeTheChainByTheRulesOfThePast(@TempDir Path directory) throws Exception {
    Path security = directory.resolve("java.security");
    Files.writeString(security, "jdk.certpath.disabledAlgorithms=SHA256 denyAfter 2020-01-01");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.security.properties=" + security,
                "-cp",
                System.getProperty("java.class.path"),
                PaddedWithThePast.class.getName())
            .redirectErrorStream(true)
            .start();
    try (InputStream output = child.getInputStream()) {
      assertThat(new String(output.readAllBytes(), StandardCharsets.UTF_8))
          .contains("Untrusted")
          .doesNotContain("Trusted[", "Exception");
    } finally {
      child.destroyForcibly();
    }
  }

  /** Prints where a chain leads that is good now but for its algorithm. */
  static final class PaddedWithThePast {
    private PaddedWithThePast() {}

    public static void main(String[] arguments) {
      Instant then = Instant.parse("2018-01-01T00:00:00Z");
      Instant soon = Instant.now().plus(Duration.ofDays(1));
      PrivateCa ca = PrivateCa.create("root");
      PathBuilder paths = new PathBuilder(TrustAnchors.of(List.of(ca.root())), Clock.systemUTC());
      X509Certificate leaf = ca.issue(then, soon, "mx.example.com").leaf();
      X509Certificate past = ca.issue(then, then.plus(Duration.ofDays(1)), "old.example").leaf();
      System.out.println(paths.facts(List.of(leaf, past)).path());
    }
  }

  private static X509Certificate named(String subject, String issuer) {
    return PrivateCa.create(issuer).intermediate(new CertificateDraft().commonName(subject)).root();
  }
}
