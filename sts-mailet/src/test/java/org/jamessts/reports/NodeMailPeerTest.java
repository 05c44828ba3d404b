package org.jamessts.reports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What others make of our reports: mailauth, which verifies DKIM, and mailparser, which takes mails
 * apart, both for Node.js. Skipped where there is no npm.
 */
@Tag("peers")
@Timeout(300)
class NodeMailPeerTest {

  private static final Path PLACE = Path.of("target", "peers").toAbsolutePath();

  @BeforeAll
  static void install() throws Exception {
    Files.createDirectories(PLACE);
    for (String file : List.of("package.json", "read-report.js")) {
      try (InputStream in =
          NodeMailPeerTest.class.getResourceAsStream("/org/jamessts/peers/" + file)) {
        assertThat(in).as(file).isNotNull();
        Files.write(PLACE.resolve(file), in.readAllBytes());
      }
    }
    assumeTrue(
        run(PLACE.resolve("install.log"), new byte[0], "npm", "install", "--no-audit", "--no-fund")
            == 0,
        "npm is not installed, or the packages cannot be had: see target/peers/install.log");
  }

  private static int run(Path output, byte[] input, String... command) throws InterruptedException {
    try {
      Path in = Files.write(PLACE.resolve("input"), input);
      Process process =
          new ProcessBuilder(command)
              .directory(PLACE.toFile())
              .redirectInput(in.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(240, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void reportShouldBeVerifiedAndTakenApartByOthers() throws Exception {
    ReportSigner signer = ReportSigner.create();
    byte[] mail = signer.sign(ReportSigner.report("example.com"), ReportSigner.TEMPLATE);
    Path keys = PLACE.resolve("keys.json");
    Files.write(
        keys, new ObjectMapper().writeValueAsBytes(Map.of(ReportSigner.KEY, signer.record())));
    Path output = PLACE.resolve("output.json");

    assertThat(run(output, mail, "node", "read-report.js", keys.toString()))
        .as(() -> read(output))
        .isZero();

    JsonNode found = new ObjectMapper().readTree(read(output));
    assertThat(found.at("/signatures")).hasSize(1);
    assertThat(found.at("/signatures/0/domain").asText()).isEqualTo("ours.example");
    assertThat(found.at("/signatures/0/result").asText()).isEqualTo("pass");
    assertThat(found.at("/type").asText()).isEqualTo("multipart/report");
    assertThat(found.at("/reportType").asText()).isEqualTo("tlsrpt");
    assertThat(found.at("/subject").asText())
        .matches(
            "Report Domain: example.com Submitter: ours.example Report-ID: <\\w{32}@ours.example>");
    assertThat(found.at("/text").asText())
        .contains("Ourselves & Söhne", "Policy domain: example.com");
    assertThat(found.at("/fileType").asText()).isEqualTo("application/tlsrpt+gzip");
    assertThat(found.at("/file").asText()).startsWith("ours.example!example.com!1795651200!");
    JsonNode report = found.at("/report");
    assertThat(report.at("/organization-name").asText()).isEqualTo("Ourselves & Söhne");
    assertThat(report.at("/policies/0/policy/policy-type").asText()).isEqualTo("sts");
    assertThat(report.at("/policies/0/summary/total-failure-session-count").asInt()).isEqualTo(303);
    assertThat(report.at("/policies/0/failure-details")).hasSize(2);
  }

  /** The other implementation notices, too. */
  @Test
  void changedReportShouldNotBeVerifiedByOthers() throws Exception {
    ReportSigner signer = ReportSigner.create();
    String mail =
        new String(signer.sign(ReportSigner.report("example.com"), ReportSigner.TEMPLATE), UTF_8)
            .replace("TLS-Report-Domain: example.com", "TLS-Report-Domain: example.org");
    Path keys = PLACE.resolve("keys.json");
    Files.write(
        keys, new ObjectMapper().writeValueAsBytes(Map.of(ReportSigner.KEY, signer.record())));
    Path output = PLACE.resolve("output.json");

    assertThat(run(output, mail.getBytes(UTF_8), "node", "read-report.js", keys.toString()))
        .as(() -> read(output))
        .isZero();
    assertThat(new ObjectMapper().readTree(read(output)).at("/signatures/0/result").asText())
        .isEqualTo("fail");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
