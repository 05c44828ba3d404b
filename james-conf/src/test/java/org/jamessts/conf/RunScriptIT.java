package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jamessts.harness.FreePorts;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code james-conf/run}, in a copy of the module: it writes beside itself. */
class RunScriptIT {

  private static final List<String> SERVER_PARTS =
      List.of("server/target/lib", "durable/target/lib", "durable/target/james-durable.jar");

  @TempDir Path root;
  Path module;

  @BeforeEach
  void copyTheModule() throws IOException {
    Installation build = Installation.ofBuild(Path.of(""));
    module = root.resolve("a place/james-conf");
    // No more than a convenient way to get conf and extensions-jars, which it puts side by side.
    build.assemble(module);
    Files.createDirectories(module.resolve("target/james"));
    Files.move(module.resolve("extensions-jars"), module.resolve("target/james/extensions-jars"));
    for (String part : SERVER_PARTS) {
      Files.createDirectories(module.resolve(part).getParent());
      Files.createSymbolicLink(module.resolve(part), Path.of(part).toAbsolutePath());
    }
    Files.copy(Path.of("target/james-conf.jar"), module.resolve("target/james-conf.jar"));
    Files.copy(Path.of("common.sh"), module.resolve("common.sh"));
    Files.copy(Path.of("run"), module.resolve("run"));
    assertThat(module.resolve("run").toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void unlink() throws IOException {
    for (String part : SERVER_PARTS) {
      Files.deleteIfExists(module.resolve(part));
    }
    Files.deleteIfExists(module.resolve("var/conf"));
  }

  @Test
  void shouldStartFromAnyDirectoryStopOnCtrlCAndStartAgain() throws Exception {
    startAndInterrupt();
    Files.delete(module.resolve("var/logs/james.log"));

    startAndInterrupt();
  }

  private void startAndInterrupt() throws Exception {
    List<Integer> ports = FreePorts.choose(2);
    ProcessBuilder run = command();
    run.environment().put("JAVA_HOME", System.getProperty("java.home"));
    run.environment().put("JAMES_SMTP_BIND", "127.0.0.1:" + ports.get(0));
    run.environment().put("JAMES_WEBADMIN_PORT", ports.get(1).toString());

    try (JamesProcess james = JamesProcess.start(run, root, ports.get(0), ports.get(1))) {
      assertThat(james.log().lines().get(0))
          .contains("SMTP on 127.0.0.1:" + ports.get(0))
          .contains("webadmin on http://127.0.0.1:" + ports.get(1));
      assertThat(james.get("/sts/policies")).isEqualTo("[]");
      assertThat(new ProcessBuilder("kill", "-INT", "" + james.pid()).start().waitFor()).isZero();

      // 128 and the number of SIGINT
      assertThat(james.awaitEnd(Duration.ofSeconds(60))).isEqualTo(130);
      assertThat(james.log().lines())
          .anyMatch(line -> line.contains("JAMES server stopped"))
          .noneMatch(line -> line.matches("\\S+ (WARN|ERROR) .*"));
    }
    assertThat(module.resolve("var/logs/james.log")).isNotEmptyFile();
  }

  @Test
  void shouldNameTheAddressesOfTheSampleConfiguration() throws Exception {
    ProcessBuilder run = command();
    run.environment().put("JAVA_HOME", fakeJava("17.0.2").toString());
    run.environment().remove("JAMES_SMTP_BIND");

    assertThat(outputOf(run, 0))
        .contains("SMTP on 127.0.0.1:2525, webadmin on http://127.0.0.1:8000,");
  }

  @Test
  void shouldSayThatThereIsNoJava() throws Exception {
    ProcessBuilder run = command();
    run.environment().put("JAVA_HOME", root.resolve("nowhere").toString());

    assertThat(outputOf(run, 1))
        .isEqualTo(
            "james-conf/run: no Java found at '%s/nowhere/bin/java': install a JDK 17 or later,"
                    .formatted(root)
                + " or set JAVA_HOME to one\n");
  }

  @Test
  void shouldSayThatTheJavaIsTooOld() throws Exception {
    for (String version : List.of("11.0.2", "1.8.0_402", "16")) {
      ProcessBuilder run = command();
      run.environment().put("JAVA_HOME", fakeJava(version).toString());

      assertThat(outputOf(run, 1))
          .contains("is a Java " + version.replaceFirst("\\..*", "") + ": install a JDK 17")
          .hasLineCount(1);
    }
  }

  /** {@code sts}, whose exit status 1 would be a verdict. */
  @Test
  void stsShouldGiveNoVerdictWhereItCannotWork() throws Exception {
    Files.copy(Path.of("sts"), module.resolve("sts"));
    Files.writeString(module.resolve("var"), "a file in the place of the directory");
    ProcessBuilder sts =
        new ProcessBuilder("bash", module.resolve("sts").toString(), "policy", "good.test");
    sts.environment().put("JAVA_HOME", System.getProperty("java.home"));
    sts.environment().remove("JAMES_HOME");

    assertThat(outputOf(sts, 3)).contains("mkdir: ");
    Files.delete(module.resolve("var"));
  }

  @Test
  void shouldSayThatThereIsNoMavenWhenSomethingIsToBeBuilt() throws Exception {
    Files.delete(module.resolve("target/james/extensions-jars/james-sts.jar"));
    ProcessBuilder run = command();
    run.environment().put("JAVA_HOME", System.getProperty("java.home"));
    run.environment().put("PATH", pathWithoutMaven().toString());

    assertThat(outputOf(run, 1))
        .isEqualTo("james-conf/run: no Maven found: install it, mvn must be on the PATH\n");
  }

  private ProcessBuilder command() {
    // Where these tests run in the background, a shell has Ctrl-C ignored, and children inherit
    // that.
    return new ProcessBuilder("env", "--default-signal=INT", module.resolve("run").toString())
        .directory(new File("/"));
  }

  private static String outputOf(ProcessBuilder command, int exitCode) throws Exception {
    Process process = command.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(exitCode);
    return output;
  }

  /** A Java home whose {@code java} tells this version, and does nothing else. */
  private Path fakeJava(String version) throws IOException {
    Path home = root.resolve("java-" + version);
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"%s\"' >&2\n".formatted(version));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return home;
  }

  /** A PATH on which there is all that the script needs, but Maven. */
  private Path pathWithoutMaven() throws IOException {
    Path directory = Files.createDirectories(root.resolve("bin"));
    for (String tool : List.of("bash", "basename", "dirname", "sed")) {
      Path script = directory.resolve(tool);
      Files.writeString(
          script, "#!/bin/sh\nexec $(PATH=/bin:/usr/bin command -v %s) \"$@\"\n".formatted(tool));
      assertThat(script.toFile().setExecutable(true)).isTrue();
    }
    return directory;
  }
}
