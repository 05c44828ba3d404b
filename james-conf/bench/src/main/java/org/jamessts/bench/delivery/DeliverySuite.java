package org.jamessts.bench.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jamessts.bench.Figure;
import org.jamessts.bench.Report;
import org.jamessts.testing.PrivateInternet;

/** James's own mailet and ours, in turn. */
public final class DeliverySuite {

  /** What is measured of delivery; each can be run alone. */
  public enum Part {
    ONE_DESTINATION,
    END_TO_END,
    MANY_DOMAINS,
    LARGE_MAILS,
    ENFORCEMENT,
    TARPITS,
    FULL_STORE,
    SLOW_CONVERSATIONS;

    /** The one that is called so: {@code one-destination}, say. */
    public static Optional<Part> called(String name) {
      return Stream.of(values())
          .filter(part -> part.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name))
          .findFirst();
    }
  }

  /** Of all hosts. */
  private static final String ADDRESS = "127.77.0.250";

  private static final int DOMAINS = 200;
  private static final int SMALL = 1_000;
  private static final int LARGE = 100_000;

  private static final double NANOS_IN_MILLI = 1e6;

  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

  /** Longer than it takes to open all conversations. */
  private static final Duration SLOW = Duration.ofMinutes(3);

  private final Path module;
  private final Path directory;
  private final boolean quick;
  private final int pairs;
  private final Report report = new Report();

  /**
   * A suite that has not run.
   *
   * @param module the directory {@code james-conf}, built
   * @param directory for what runs write
   * @param quick with a tenth of the mails, one pair each
   */
  public DeliverySuite(Path module, Path directory, boolean quick) {
    this.module = module;
    this.directory = directory;
    this.quick = quick;
    this.pairs = quick ? 1 : 10;
  }

  /** Runs these parts of it. */
  public Report run(Set<Part> parts) throws Exception {
    int small = quick ? 2_000 : 20_000;
    int large = quick ? 200 : 2_000;
    try (PrivateInternet internet = new PrivateInternet();
        FastSink sink = sink(internet)) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), internet.smtpPort());
      SinkLimit limit = new SinkLimit(address, SMALL);
      limit.measure(sink, 50_000);
      report.add(
          "the sink's own limit, 1 KB, mails a second",
          Figure.of(Figure.Unit.COUNT, limit.measure(sink, 200_000)));
      Server server = new Server(module, directory, internet, sink);
      Load usual = Load.of("one destination, 1 KB", small, SMALL, 1);
      for (Part part : parts) {
        switch (part) {
          case ONE_DESTINATION -> compare(server, usual, 10, 1.0 / 8);
          case END_TO_END -> endToEnd(server, small);
          case MANY_DOMAINS ->
              compare(server, Load.of(DOMAINS + " domains, 1 KB", small, SMALL, DOMAINS), 4, 1);
          case LARGE_MAILS ->
              compare(server, Load.of("one destination, 100 KB", large, LARGE, 1), 4, 1);
          case ENFORCEMENT -> enforcement(server, internet, usual);
          case TARPITS -> tarpits(server, small);
          case FULL_STORE -> fullStore(server, usual);
          case SLOW_CONVERSATIONS -> slow(server, internet);
        }
      }
    }
    return report;
  }

  /** Prints where the time goes in one run of each mailet. */
  public void profile() throws Exception {
    int small = quick ? 2_000 : 20_000;
    try (PrivateInternet internet = new PrivateInternet();
        FastSink sink = sink(internet)) {
      Server server = new Server(module, directory, internet, sink);
      for (Sender sender : List.of(Sender.STOCK, Sender.ENFORCING)) {
        Path recording = directory.resolve("delivery.jfr");
        run(
            server,
            sender,
            Load.of("one destination, 1 KB", small, SMALL, 1),
            Conditions.javaOptions(
                "-XX:StartFlightRecording=settings=profile,filename=" + recording));
        System.out.println();
        System.out.println(sender + ": " + Profile.of(recording).table());
      }
    }
  }

  private static FastSink sink(PrivateInternet internet) throws Exception {
    List<String> names = new ArrayList<>(List.of("localhost"));
    for (int i = 0; i < DOMAINS; i++) {
      String mx = "mx.d" + i + ".bench.test";
      names.add(mx);
      internet.dns().mx("d" + i + ".bench.test", 10, mx);
      internet.dns().a(mx, ADDRESS);
    }
    return new FastSink(
        List.of(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), internet.smtpPort()),
            new InetSocketAddress(ADDRESS, internet.smtpPort())),
        internet.ca().issue(names.toArray(String[]::new)).serverContext());
  }

  private void compare(Server server, Load load, double timesFaster, double partOfCpu)
      throws Exception {
    List<Outcome> stock = new ArrayList<>();
    List<Outcome> ours = new ArrayList<>();
    pairs(server, load, Conditions.USUAL, stock, ours);
    // Both as "at most", which is how the table knows targets.
    report.add(
        load.name() + ": stock's speed, of ours",
        ratios(stock, ours, Outcome::mailsPerSecond),
        1 / timesFaster);
    report.add(
        load.name() + ": our CPU a mail, of stock's",
        ratios(ours, stock, Outcome::cpuMillis),
        partOfCpu);
  }

  /** No target: most of it is James's own, and the same for both. */
  private void endToEnd(Server server, int mails) throws Exception {
    Load load = Load.of("over SMTP into James and out, 1 KB", mails, SMALL, 1);
    pairs(server, load, Conditions.OVER_SMTP, new ArrayList<>(), new ArrayList<>());
  }

  private void pairs(
      Server server, Load load, Conditions conditions, List<Outcome> stock, List<Outcome> ours)
      throws Exception {
    for (int i = 0; i < pairs; i++) {
      tell(load.name() + ", pair " + (i + 1));
      stock.add(run(server, Sender.STOCK, load, conditions));
      ours.add(run(server, Sender.ENFORCING, load, conditions));
    }
    add(load, "stock, mails a second", stock, Outcome::mailsPerSecond);
    add(load, "ours, mails a second", ours, Outcome::mailsPerSecond);
    add(load, "stock, ms of CPU a mail", stock, Outcome::cpuMillis);
    add(load, "ours, ms of CPU a mail", ours, Outcome::cpuMillis);
    add(load, "stock, connections", stock, Outcome::connections);
    add(load, "ours, connections", ours, Outcome::connections);
    add(load, "stock, handshakes", stock, Outcome::handshakes);
    add(load, "ours, handshakes", ours, Outcome::handshakes);
    add(load, "stock, MB of memory", stock, run -> run.peakOctets() / 1e6);
    add(load, "ours, MB of memory", ours, run -> run.peakOctets() / 1e6);
  }

  /** Of a whole mail, as James sends it; see {@link EngineCost}. */
  private void enforcement(Server server, PrivateInternet internet, Load load) throws Exception {
    tell("enforcement on and off");
    double whole = run(server, Sender.ENFORCING, load).cpuMillis() * NANOS_IN_MILLI;
    List<Double> extra =
        EngineCost.measure(
            internet, directory.resolve("engine"), SMALL, pairs, quick ? 1_000 : 10_000);
    report.add("CPU a mail that enforcement adds", new Figure(Figure.Unit.TIME, extra));
    report.add(
        "CPU a mail under enforcement, of that without a policy",
        new Figure(
            Figure.Unit.TIMES, extra.stream().map(nanos -> whole / (whole - nanos)).toList()),
        1.02);
  }

  private void tarpits(Server server, int mails) throws Exception {
    Load alone = Load.of("healthy alone", mails, SMALL, 1);
    Load beside = new Load("healthy beside 50 tarpits", mails, SMALL, 1, 50, quick ? 20 : 200);
    List<Outcome> without = new ArrayList<>();
    List<Outcome> with = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      tell("tarpits, pair " + (i + 1));
      without.add(run(server, Sender.ENFORCING, alone));
      with.add(run(server, Sender.ENFORCING, beside));
    }
    report.add(
        "speed without tarpits, of that beside 50",
        ratios(without, with, Outcome::mailsPerSecond),
        1 / 0.95);
  }

  /** What waits, and what is known of others, must not make a mail dearer. */
  private void fullStore(Server server, Load load) throws Exception {
    int many = quick ? 2_000 : 100_000;
    List<Outcome> empty = new ArrayList<>();
    List<Outcome> waiting = new ArrayList<>();
    List<Outcome> policies = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      tell("a full store, round " + (i + 1));
      empty.add(run(server, Sender.ENFORCING, load));
      waiting.add(run(server, Sender.ENFORCING, load, Conditions.fullStore(many, 0)));
      policies.add(run(server, Sender.ENFORCING, load, Conditions.fullStore(0, many)));
    }
    report.add(
        "CPU a mail with %,d waiting mails, of that without".formatted(many),
        ratios(waiting, empty, Outcome::cpuMillis),
        1.1);
    report.add(
        "CPU a mail with %,d policies, of that without".formatted(many),
        ratios(policies, empty, Outcome::cpuMillis),
        1.1);
  }

  /**
   * As many conversations at once as mails, each to a domain of its own: the reply to content takes
   * its time.
   */
  private void slow(Server server, PrivateInternet internet) throws Exception {
    if (Runtime.version().feature() < FIRST_WITH_VIRTUAL_THREADS) {
      report.add("conversations at once: needs Java 21", Figure.of(Figure.Unit.COUNT, 0));
      return;
    }
    int wanted = quick ? 1_000 : 10_000;
    tell("%,d conversations at once".formatted(wanted));
    for (int i = DOMAINS; i < wanted; i++) {
      internet.dns().mx("d" + i + ".bench.test", 10, "mx.d0.bench.test");
    }
    Outcome outcome =
        run(
            server,
            Sender.OPPORTUNISTIC,
            Load.of("slow", wanted / 2, SMALL, wanted),
            Conditions.slowSink(
                quick ? SLOW.dividedBy(10) : SLOW,
                "lanes.allConnections=" + wanted,
                "lanes.window=" + wanted));
    // As a part of what is wanted, since the table knows targets as "at most".
    report.add(
        "%,d slow conversations in 1 GB of heap: wanted, of those at once".formatted(wanted),
        Figure.of(Figure.Unit.TIMES, (double) wanted / outcome.mostAtOnce()),
        1);
    report.add(
        "the same, memory of the process",
        Figure.of(Figure.Unit.OCTETS, (double) outcome.peakOctets()));
  }

  private void add(
      Load load, String what, List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
    report.add(
        load.name() + ": " + what,
        new Figure(Figure.Unit.COUNT, outcomes.stream().mapToDouble(figure).boxed().toList()));
  }

  private static Figure ratios(
      List<Outcome> some, List<Outcome> others, ToDoubleFunction<Outcome> figure) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      ratios.add(figure.applyAsDouble(some.get(i)) / figure.applyAsDouble(others.get(i)));
    }
    return new Figure(Figure.Unit.TIMES, ratios);
  }

  private static Outcome run(Server server, Sender sender, Load load) throws Exception {
    return run(server, sender, load, Conditions.USUAL);
  }

  private static Outcome run(Server server, Sender sender, Load load, Conditions conditions)
      throws Exception {
    Outcome outcome = server.run(sender, load, conditions);
    tell(
        "    %s: %.0f mails a second, %.2f ms of CPU each, %d handshakes"
            .formatted(
                sender, outcome.mailsPerSecond(), outcome.cpuMillis(), outcome.handshakes()));
    return outcome;
  }

  private static void tell(String what) {
    System.err.println("... " + what);
  }
}
