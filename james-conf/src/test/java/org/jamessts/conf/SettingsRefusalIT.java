package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateInternet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real James with a setting that cannot be meant: it must not start and do something else. */
class SettingsRefusalIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          policy.cacheEntry      | 10             | one of the keys dane,
          policy.httpsPort       | 65536          | a whole number from 1 to 65535
          reports.enabled        | true           | true only where reports.organization and reports.contact are set
          tls.trustStore         | conf/no-such   | a readable PKCS12 or JKS key store or PEM bundle
          dns.servers            | 127.0.0.1:port | a comma-separated list of IP addresses
          """)
  void shouldNotStartWithABadSetting(String key, String value, String allowed) throws Exception {
    JamesLauncher launcher = sample().file("sts.properties", key + "=" + value + "\n");

    assertRefused(launcher, "sts.properties", key, value, allowed);
  }

  @Test
  void shouldNotStartWithATrustStoreThatIsNone() throws Exception {
    JamesLauncher launcher = sample().file("sts.properties", "tls.trustStore=conf/jvm.properties");

    assertRefused(
        launcher, "sts.properties", "tls.trustStore", "conf/jvm.properties", "a readable PKCS12");
  }

  @ParameterizedTest
  @CsvSource({"port, 0, a whole number from 1 to 65535", "prot, 25, 'one of the keys bind,'"})
  void shouldNotStartWithABadParameterOfTheMailet(String key, String value, String allowed)
      throws Exception {
    JamesLauncher launcher =
        sample()
            .edit(
                "mailetcontainer.xml",
                replaced("<port>.*</port>", "<%1$s>%2$s</%1$s>".formatted(key, value)));

    assertRefused(launcher, "mailetcontainer.xml, StsRemoteDelivery", key, value, allowed);
  }

  @Test
  void shouldNotStartWithABadOverrideFile() throws Exception {
    JamesLauncher launcher =
        sample()
            .file(
                "sts-overrides.json",
                "{\"overrides\": [{\"domain\": \"a.test\", \"minimum\": \"none\"}]}");

    assertRefusedWith(
        launcher,
        "override file " + directory.resolve("conf/sts-overrides.json") + ": /overrides/0/minimum",
        "none",
        "require-tls");
  }

  @Test
  void shouldNotStartWithAListThatCannotBeBelieved() throws Exception {
    Path list = directory.resolve("conf/policy.json");
    JamesLauncher launcher =
        sample()
            .file("sts.properties", "preload.list=conf/policy.json\n")
            .file("policy.json", "{\"version\": \"0.2\"}");

    assertRefused(launcher, "sts.properties", "preload.list", list.toString(), "0.1");
  }

  @Test
  void shouldWarnOfAParameterWithoutEffectAndDeliver() throws Exception {
    try (PrivateInternet internet = new PrivateInternet();
        JamesProcess james =
            Installation.ofBuild(Path.of(""))
                .assemble(directory, internet)
                .edit(
                    "mailetcontainer.xml",
                    replaced(
                        "(<port>.*</port>)",
                        "$1<startTLS>true</startTLS><deliveryThreads>9</deliveryThreads>"))
                .start()) {
      internet.goodMx("plain.test", 10, "mx.plain.test");

      TestMail.submit(james, "bob@plain.test");

      assertThat(internet.server("mx.plain.test").awaitMails(1, LIMIT)).hasSize(1);
      assertThat(james.log().lines())
          .filteredOn(line -> line.matches("\\S+ WARN .*"))
          .hasSize(2)
          .anyMatch(line -> line.contains("StsRemoteDelivery: <startTLS> has no effect: "))
          .anyMatch(line -> line.contains("<deliveryThreads> has no effect: "));
    }
  }

  private JamesLauncher sample() throws IOException {
    return Installation.ofBuild(Path.of("")).assemble(directory);
  }

  private static UnaryOperator<String> replaced(String pattern, String replacement) {
    return text -> {
      String changed = text.replaceFirst(pattern, replacement);
      assertThat(changed).isNotEqualTo(text);
      return changed;
    };
  }

  private void assertRefused(
      JamesLauncher launcher, String file, String key, String value, String allowed)
      throws Exception {
    assertRefusedWith(
        launcher,
        "%s: %s = \"%s\" is not allowed; allowed is ".formatted(file, key, value),
        allowed);
  }

  private void assertRefusedWith(JamesLauncher launcher, String... words) throws Exception {
    try (JamesProcess james = launcher.launch()) {
      assertThat(james.awaitEnd(LIMIT)).isNotZero();

      List<String> ours =
          james.log().lines().stream()
              .filter(line -> line.matches("\\S+ (WARN|ERROR) +o(rg)?\\.j(amessts)?\\..*"))
              .toList();
      assertThat(ours).hasSize(1);
      assertThat(ours.get(0)).matches("\\S+ ERROR .*").contains(words);
      assertThat(james.log().lines()).noneMatch(line -> line.contains("JAMES server started"));
      assertThat(Files.readAllLines(directory.resolve("logs/james.log"))).contains(ours.get(0));
    }
  }
}
