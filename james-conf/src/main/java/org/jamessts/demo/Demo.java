package org.jamessts.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamessts.harness.CountedDay;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.SmtpInjector;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;

/**
 * Runs the demo. Arguments: the directory of the module {@code james-conf}, and {@code --keep} to
 * leave everything running. The exit code is 0 when every row is what the standards say, 1 when
 * not, and 2 when the demo cannot run here.
 */
public final class Demo {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SENDER_MX = "mx.sender.test";

  /** Who writes the mails, and gets them back that cannot be delivered. */
  static final String SENDER = "alice@sender.test";

  private final PrivateInternet internet;
  private final JamesProcess james;

  /**
   * A demo on a server that is running.
   *
   * @param internet the world
   * @param james a server that asks its DNS
   */
  Demo(PrivateInternet internet, JamesProcess james) {
    this.internet = internet;
    this.james = james;
  }

  /** The domain that is repaired in the end. */
  static final String REPAIRED = "self-signed.test";

  private static final String WAITING = "/sts/deferred?limit=1000";
  private static final Pattern ROW = Pattern.compile("\"domain\":");

  /** The {@code main} of {@code james-conf/demo}. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, SQLException {
    List<String> given = new ArrayList<>(List.of(arguments));
    boolean keep = given.remove("--keep");
    Optional<String> obstacle =
        given.size() == 1
            ? obstacle(InetAddress.getByAddress(new byte[] {127, 77, 0, 1}))
            : Optional.of("usage: demo [--keep]");
    if (obstacle.isPresent()) {
      System.err.println("james-conf/demo: " + obstacle.get());
      System.exit(2);
    }
    System.exit(run(Path.of(given.get(0)), keep, System.out) ? 0 : 1);
  }

  /** Why no server can listen at an address of the private Internet; empty when one can. */
  static Optional<String> obstacle(InetAddress address) {
    try {
      new ServerSocket(0, 1, address).close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "this machine cannot listen at %s (%s): the demo's servers need the addresses"
                  .formatted(address.getHostAddress(), e.getMessage())
              + " 127.77.0.0/16, which only Linux has without further ado");
    }
  }

  private static boolean run(Path module, boolean keep, PrintStream out)
      throws IOException, InterruptedException, SQLException {
    Path workingDirectory = Files.createTempDirectory("james-sts-demo");
    out.println("Starting a private Internet and a real James in " + workingDirectory + " ...\n");
    boolean right;
    try (PrivateInternet internet = new PrivateInternet()) {
      JamesLauncher launcher = Installation.ofBuild(module).assemble(workingDirectory, internet);
      DailyReports reports = new DailyReports(internet);
      reports.prepare(Scenarios.all(), launcher, workingDirectory);
      try (JamesProcess james = launcher.start()) {
        Demo demo = new Demo(internet, james);
        List<Row> rows = demo.play(Scenarios.all());
        out.println(Report.of(rows));
        demo.awaitWaiting((int) Report.outcomes(rows, "deferred"));
        boolean arrived = !demo.repair().isEmpty();
        out.println(Report.repaired(arrived));
        right = arrived && rows.stream().allMatch(Row::isRight);
        james.stop();
      }
      // The next server would begin its log in the same file.
      Files.move(
          workingDirectory.resolve("console.log"), workingDirectory.resolve("console.day.log"));
      CountedDay.becomeYesterday(workingDirectory);
      try (JamesProcess james = launcher.start()) {
        Path directory = workingDirectory.resolve("reports");
        List<Path> files = reports.await(directory);
        out.println(DailyReports.told(files));
        right &= !files.isEmpty();
        if (keep) {
          out.println(Report.howToLookAround(internet, james));
          new CountDownLatch(1).await();
        }
      }
    }
    if (right) {
      delete(workingDirectory);
    } else {
      out.println("What James logged, and its configuration, are left in " + workingDirectory);
    }
    return right;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Makes the domains, sends a mail to each, and tells what happened. */
  List<Row> play(List<Scenario> scenarios) throws IOException, InterruptedException {
    internet.goodMx("sender.test", 10, SENDER_MX);
    scenarios.forEach(scenario -> scenario.setUp().make(internet));
    Map<Scenario, Integer> earlier = earlierMails(scenarios);
    for (Scenario scenario : scenarios) {
      submit(scenario.recipient());
    }
    List<Row> rows = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      rows.add(row(scenario, earlier.getOrDefault(scenario, 0)));
    }
    return rows;
  }

  /** Policies become known by earlier mails; then what is around them changes. */
  private Map<Scenario, Integer> earlierMails(List<Scenario> scenarios)
      throws IOException, InterruptedException {
    List<Scenario> turning =
        scenarios.stream().filter(scenario -> scenario.turn().isPresent()).toList();
    for (Scenario scenario : turning) {
      submit(scenario.recipient());
    }
    Map<Scenario, Integer> mails = new HashMap<>();
    for (Scenario scenario : turning) {
      awaitVerdict(scenario.recipient(), 1);
      mails.put(scenario, internet.receivedFor(scenario.recipient()).size());
      scenario.turn().orElseThrow().make(internet);
    }
    if (!turning.isEmpty()) {
      Thread.sleep(Scenarios.SHORT_LIFE.toMillis());
    }
    return mails;
  }

  private Row row(Scenario scenario, int earlierMails) throws InterruptedException {
    awaitVerdict(scenario.recipient(), earlierMails + 1);
    List<ReceivedMail> received = internet.receivedFor(scenario.recipient());
    return new Row(
        scenario,
        received.subList(earlierMails, received.size()),
        OwnVerdict.of(james.log().lines(), scenario.recipient()));
  }

  /** What came back to the sender; waits for the first. */
  List<ReceivedMail> awaitReturned() {
    return internet.server(SENDER_MX).awaitMails(1, PATIENCE);
  }

  /**
   * What waits in the deferral store, by domain and reason, as webadmin tells it. A verdict is in
   * the log a moment before the mail is in the store.
   *
   * @param rows how many to wait for
   */
  String awaitWaiting(int rows) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String waiting = james.get(WAITING);
    while (ROW.splitAsStream(waiting).count() <= rows && System.nanoTime() < deadline) {
      Thread.sleep(50);
      waiting = james.get(WAITING);
    }
    return waiting;
  }

  /** One destination gets a good certificate, and what waits for it is tried again at once. */
  List<ReceivedMail> repair() throws IOException {
    String mx = "mx." + REPAIRED;
    internet.replaceMx(mx, internet.ca().issue(mx));
    james.send("POST", "/sts/deferred?action=flush&domain=" + REPAIRED, "");
    return internet.server(mx).awaitMails(1, PATIENCE);
  }

  private void awaitVerdict(String recipient, int count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (OwnVerdict.count(james.log().lines(), recipient) < count
        && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
  }

  private void submit(String recipient) throws IOException {
    SmtpInjector.submit(
        james.smtp(),
        SENDER,
        List.of(recipient),
        "From: " + SENDER + "\nTo: " + recipient + "\nSubject: demo\n\nHello.\n.\nGoodbye.\n");
  }
}
