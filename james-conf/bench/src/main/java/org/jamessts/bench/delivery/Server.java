package org.jamessts.bench.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateInternet;

/**
 * A James for one run. James's own mailet asks port 53 and sends to port 25, which a benchmark
 * cannot have: it is given the sink as its gateway, so that it has no names to look up, which is in
 * its favour.
 */
final class Server {

  private static final Duration NANO = Duration.ofNanos(1);
  private static final int SHOWN_LINES = 50;
  private static final int SMTP_CONNECTIONS = 4;
  private static final String PASSWORD = "password";

  private final Path module;
  private final Path directory;
  private final PrivateInternet internet;
  private final FastSink sink;

  /**
   * @param module the directory {@code james-conf}, built
   * @param directory for what a run writes
   * @param internet in which the domains are
   * @param sink the host of each
   */
  Server(Path module, Path directory, PrivateInternet internet, FastSink sink) {
    this.module = module;
    this.directory = directory;
    this.internet = internet;
    this.sink = sink;
  }

  Outcome run(Sender sender, Load load, Conditions conditions) throws Exception {
    Path home = directory.resolve("james");
    delete(home);
    publish(sender, load);
    FastSink.Marks marks = sink.count(conditions.pause(), load.warmUp(sender), load.all(sender));
    List<ServerSocket> tarpits = new ArrayList<>();
    int queued = conditions.overSmtp() ? 0 : load.all(sender);
    JamesLauncher launcher = launcher(home, sender, load, queued, tarpits);
    conditions.javaOptions().forEach(launcher::javaOption);
    String settings = "\n" + String.join("\n", conditions.settings()) + "\n";
    launcher.edit("sts.properties", text -> text + settings);
    if (conditions.fullStore()) {
      FullStore.write(home.resolve("var/sts"), conditions.waiting(), conditions.policies());
    }
    // With a queue that is full, the first mails come before it has started.
    try (JamesProcess james = conditions.overSmtp() ? launcher.start() : launcher.launch()) {
      if (conditions.overSmtp()) {
        new FastClient(james.smtp(), false, load.octets()).send(load.all(sender), SMTP_CONNECTIONS);
      }
      marks.await(0);
      long begin = System.nanoTime();
      Duration cpu = cpu(james);
      marks.await(1);
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new Outcome(
          load.mails() / seconds,
          millis(cpu(james).minus(cpu)) / load.mails(),
          sink.connections(),
          sink.mostAtOnce(),
          sink.handshakes(),
          peak(james.pid()));
    } catch (TimeoutException e) {
      // The directory is gone soon.
      List<String> log = Files.readAllLines(home.resolve("console.log"));
      log.subList(Math.max(0, log.size() - SHOWN_LINES), log.size()).forEach(System.err::println);
      throw e;
    } finally {
      for (ServerSocket tarpit : tarpits) {
        tarpit.close();
      }
    }
  }

  private void publish(Sender sender, Load load) {
    for (int i = 0; i < load.domains(); i++) {
      String domain = "d" + i + ".bench.test";
      internet.dns().remove("_mta-sts." + domain, "TXT");
      if (sender == Sender.ENFORCING) {
        internet.policy(domain, "enforce", "mx." + domain);
      }
    }
  }

  private JamesLauncher launcher(
      Path home, Sender sender, Load load, int queued, List<ServerSocket> tarpits)
      throws Exception {
    for (int i = 0; i < load.tarpits(); i++) {
      tarpits.add(tarpit(i));
    }
    JamesLauncher launcher =
        Installation.ofBuild(module)
            .assemble(home, internet)
            .file("mailetcontainer.xml", mailetContainer(sender, load, queued))
            .javaOption("-Xmx1g")
            .javaOption("-Djavax.net.ssl.trustStore=" + trustStore(home))
            .javaOption("-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
    Files.copy(
        module.resolve("bench/target/sts-benchmark.jar"),
        home.resolve("extensions-jars/sts-benchmark.jar"),
        StandardCopyOption.REPLACE_EXISTING);
    return launcher;
  }

  /** A host that takes connections and says nothing: the operating system does that by itself. */
  private ServerSocket tarpit(int number) throws IOException {
    InetAddress address = InetAddress.getByAddress(new byte[] {127, 77, 2, (byte) (number + 1)});
    ServerSocket listener = new ServerSocket();
    listener.bind(new InetSocketAddress(address, internet.smtpPort()), 1_000);
    internet.dns().mx("t" + number + ".bench.test", 10, "mx.t" + number + ".bench.test");
    internet.dns().a("mx.t" + number + ".bench.test", address.getHostAddress());
    return listener;
  }

  private String mailetContainer(Sender sender, Load load, int queued) {
    String delivery =
        sender == Sender.STOCK
            ? """
              <mailet match="All" class="RemoteDelivery">
                <outgoing>outgoing</outgoing>
                <gateway>localhost</gateway>
                <gatewayPort>%d</gatewayPort>
                <startTLS>true</startTLS>
                <maxRetries>5</maxRetries>
                <bounceProcessor>error</bounceProcessor>
              </mailet>
              """
                .formatted(internet.smtpPort())
            : """
              <mailet match="All" class="org.jamessts.delivery.StsRemoteDelivery">
                <outgoing>outgoing</outgoing>
                <port>%d</port>
                <deferProcessor>sts-deferred</deferProcessor>
                <bounceProcessor>error</bounceProcessor>
              </mailet>
              """
                .formatted(internet.smtpPort());
    return """
        <mailetcontainer enableJmx="false">
          <context><postmaster>postmaster@localhost</postmaster></context>
          <spooler>
            <threads>4</threads>
            <errorRepository>memory://var/mail/error/</errorRepository>
          </spooler>
          <processors>
            <processor state="root" enableJmx="false">
              <mailet match="All" class="ToProcessor"><processor>transport</processor></mailet>
            </processor>
            <processor state="error" enableJmx="false">
              <mailet match="All" class="ToRepository">
                <repositoryPath>memory://var/mail/error/</repositoryPath>
              </mailet>
            </processor>
            <processor state="transport" enableJmx="false">
              <mailet match="All" class="RemoveMimeHeader"><name>bcc</name></mailet>
              <mailet match="All" class="ToProcessor"><processor>relay</processor></mailet>
            </processor>
            <processor state="relay" enableJmx="false">
              <mailet match="All" class="org.jamessts.bench.delivery.PrefillQueue">
                <mails>%d</mails>
                <octets>%d</octets>
                <domains>%d</domains>
                <tarpits>%d</tarpits>
                <tarpitMails>%d</tarpitMails>
              </mailet>
              %s
            </processor>
            <processor state="sts-deferred" enableJmx="false">
              <mailet match="All" class="org.jamessts.retry.DeferredRetry"/>
            </processor>
          </processors>
        </mailetcontainer>
        """
        .formatted(
            queued, load.octets(), load.domains(), load.tarpits(), load.tarpitMails(), delivery);
  }

  /** What James's own mailet trusts. */
  private Path trustStore(Path home) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", internet.ca().root());
    Path file = home.resolve("trust.p12");
    try (var out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  private static double millis(Duration duration) {
    return duration.dividedBy(NANO) / 1e6;
  }

  private static Duration cpu(JamesProcess james) {
    return ProcessHandle.of(james.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow();
  }

  private static long peak(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1_024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      files.sorted(Comparator.reverseOrder()).forEach(Server::deleteOne);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
