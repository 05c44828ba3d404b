package org.jamessts.attack.dane;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jamessts.attack.Breach;
import org.jamessts.attack.Move;
import org.jamessts.attack.dane.Certificates.Forgery;
import org.jamessts.delivery.DeliveryReport;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guards;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.testing.PrivateCa.Credential;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.SmtpEffect;

/**
 * A domain and its hosts, an attacker, and what they do by turns, drawn from a seed. After each
 * step mail goes to the domain, and what the servers saw of it is held against the model.
 */
final class Schedule {

  private static final int STEPS = 4;

  /** One in so many has steps that wait for a time-out. */
  private static final int SLOW = 100;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LITTLE_PATIENCE = Duration.ofMillis(400);
  private static final Duration SOON = Duration.ofHours(12);

  private static final List<Move<Schedule>> MOVES =
      Stream.of(OwnerMoves.ALL, DnsMoves.ALL, HostMoves.ALL).flatMap(List::stream).toList();

  final World world;
  final SplittableRandom random;
  final Kind kind;
  final Owner owner;
  final Attacker attacker = new Attacker();
  final boolean slow;

  private final long seed;
  private final Guards guards;
  private final Model model;
  private final boolean remembers;
  private final Set<Server> taken = EnumSet.noneOf(Server.class);
  private final Set<Server> disturbed = EnumSet.noneOf(Server.class);

  /** How many connections a server had before this schedule. */
  private final Map<Server, Integer> before = new EnumMap<>(Server.class);

  private final Map<SinkConnection, Seen> seen = new HashMap<>();
  private final List<String> steps = new ArrayList<>();
  private Optional<MailServer> server = Optional.empty();
  private boolean stalled;
  private int honest;

  /**
   * What kind of domain it is.
   *
   * @param layout how mail finds its host
   * @param form which TLSA records hosts have
   * @param mandatory whether the operator demands DANE
   * @param sts whether there is an MTA-STS policy in mode enforce, too
   */
  record Kind(Layout layout, Form form, boolean mandatory, boolean sts) {}

  Schedule(World world, Guards guards, long seed) {
    this.world = world;
    this.guards = guards;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    Layout layout = pick(List.of(Layout.values()));
    boolean uncertain = layout.provenBases().isEmpty();
    this.kind =
        new Kind(
            layout,
            pick(List.of(Form.values())),
            // Without it, unproven ways promise nothing that could be broken.
            random.nextInt(4) == 0 || (uncertain && random.nextInt(4) > 0),
            random.nextInt(4) == 0);
    boolean hasBackup = layout == Layout.DIRECT && random.nextInt(3) == 0;
    this.remembers = random.nextInt(4) == 0;
    this.slow = Math.floorMod(seed, SLOW) == SLOW - 1;
    this.owner = new Owner(layout, hasBackup, kind.form(), kind.sts());
    this.model = new Model(layout, hasBackup, kind.mandatory(), kind.sts());
    steps.add(
        kind
            + (hasBackup ? ", a second host" : "")
            + (remembers ? ", the server remembers answers" : "")
            + (slow ? ", the server has little patience" : ""));
  }

  /** The name of a domain that is one. */
  static DomainName name(String text) {
    return new DomainName(text);
  }

  /**
   * Plays it.
   *
   * @return false when the machine was too slow to tell
   */
  boolean run() {
    world.reset(owner, attacker);
    for (Server server : Server.values()) {
      before.put(server, world.server(server).connections().size());
    }
    publish();
    restart();
    try {
      check();
      for (int i = 0; i < STEPS; i++) {
        step();
        check();
      }
      goAway();
      check();
    } finally {
      stop();
    }
    return !stalled;
  }

  /**
   * The mail server starts anew. dnsjava keeps keys by the time of the system, which does not pass
   * here: it would never learn of others.
   */
  void restart() {
    stop();
    server = Optional.of(world.mailServer(kind.layout().domain(), kind.mandatory(), setup()));
  }

  private void stop() {
    server.ifPresent(MailServer::close);
  }

  /** How often nobody was in the way, and the mail arrived. */
  int honestDeliveries() {
    return honest;
  }

  private MailServer.Setup setup() {
    return new MailServer.Setup(
        guards,
        remembers ? 100 : 0,
        slow ? LITTLE_PATIENCE : PATIENCE,
        kind.sts() ? Optional.of(policy()) : Optional.empty());
  }

  private KnownMtaStsPolicy policy() {
    String text =
        "version: STSv1\nmode: enforce\nmx: %s\nmx: %s\nmax_age: 31557600\n"
            .formatted(kind.layout().mx(), Model.BACKUP);
    StsPolicyParse parsed = StsPolicy.parse(text.getBytes(StandardCharsets.UTF_8));
    return KnownMtaStsPolicy.preloaded(
        name(kind.layout().domain()),
        ((StsPolicyParse.Parsed) parsed).policy(),
        world.clock.instant());
  }

  private void step() {
    Move<Schedule> move = Move.draw(MOVES, this, random);
    int at = steps.size();
    steps.add("");
    String detail = move.play().apply(this);
    if (owner.signedUntil().minus(SOON).isBefore(world.clock.instant())) {
      publish();
    }
    steps.set(at, world.clock.instant() + " " + move.name() + ": " + detail);
  }

  /** What the owner has changed stands in the zones and is served. */
  void publish() {
    attacker.nextVersion();
    model.publish(
        owner.publish(world.dns, world.port(), world.clock.instant()), owner.signedUntil());
    for (Server server : Server.values()) {
      if (!taken.contains(server)) {
        present(server, honestCredential(server));
      }
    }
  }

  private Credential honestCredential(Server server) {
    return switch (server) {
      case PRIMARY, BACKUP -> Certificates.of(owner.certificate(server));
      case WEB, EVIL -> Certificates.of(Forgery.TRUSTED, owner.certificate(Server.PRIMARY));
    };
  }

  private void present(Server server, Credential credential) {
    world.server(server).present(Certificates.context(credential));
  }

  /** The attacker answers in the place of a server. */
  void take(Server server, Credential credential) {
    taken.add(server);
    present(server, credential);
  }

  /** The attacker disturbs conversations with a server. */
  void disturb(Server server, SmtpEffect... effects) {
    disturbed.add(server);
    world.server(server).effects(effects);
  }

  /** Nobody is in the way any more, and what was forged is forgotten. */
  void goAway() {
    attacker.goAway();
    taken.clear();
    disturbed.forEach(server -> world.server(server).effects());
    disturbed.clear();
    world.clock.advance(Owner.SPREADING);
    publish();
    if (owner.hasChangedKeys()) {
      restart();
    }
  }

  private boolean isUndisturbed() {
    return attacker.isAway() && taken.isEmpty() && disturbed.isEmpty();
  }

  /** Mail goes to the domain. */
  private void check() {
    long began = System.nanoTime();
    DeliveryReport report = server.orElseThrow().deliver(kind.layout().domain());
    stalled |= System.nanoTime() - began > PATIENCE.toNanos() / 2;
    steps.add("    " + report.outcomes());
    Arrivals arrivals = look();
    if (!report.bounced().isEmpty()
        && !arrivals.envelope()
        && kind.layout() != Layout.INSECURE_MX) {
      throw new Breach(seed, "the mail was bounced", steps);
    }
    if (report.delivered().size() != arrivals.mails()) {
      throw new AssertionError("mails arrived: " + arrivals.mails() + "; " + described());
    }
    if (isUndisturbed() && !slow && !stalled) {
      boolean expected = owner.expectsMail(kind.mandatory());
      if (report.delivered().isEmpty() == expected) {
        throw new AssertionError((expected ? "no mail; " : "mail; ") + described());
      }
      honest += arrivals.mails();
    }
  }

  private String described() {
    return "seed " + seed + "\n  " + String.join("\n  ", steps);
  }

  /**
   * What servers saw of a mail.
   *
   * @param mails how many they have accepted
   * @param envelope whether any was told from whom and for whom it is
   */
  private record Arrivals(int mails, boolean envelope) {}

  /** How much of a connection was looked at, which may carry further mails. */
  private record Seen(int commands, long octets) {}

  private Arrivals look() {
    int mails = 0;
    boolean envelope = false;
    for (Server server : Server.values()) {
      List<SinkConnection> all = world.server(server).connections();
      for (SinkConnection connection : all.subList(before.getOrDefault(server, 0), all.size())) {
        Seen earlier = seen.getOrDefault(connection, new Seen(0, 0));
        List<String> commands = connection.commands();
        Seen now = new Seen(commands.size(), connection.contentOctets());
        seen.put(connection, now);
        if (commands.subList(earlier.commands(), now.commands()).stream()
            .anyMatch(command -> command.startsWith("MAIL "))) {
          judge(server, connection.certificate());
          envelope = true;
        }
        mails += now.octets() > earlier.octets() ? 1 : 0;
      }
    }
    return new Arrivals(mails, envelope);
  }

  private void judge(Server server, Optional<X509Certificate> presented) {
    Instant now = world.clock.instant();
    steps.add("    mail arrived at " + server);
    model
        .faultOf(server, presented, now)
        .ifPresent(
            fault -> {
              throw new Breach(seed, "mail left to " + fault, steps);
            });
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
