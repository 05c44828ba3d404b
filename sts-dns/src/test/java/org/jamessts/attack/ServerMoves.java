package org.jamessts.attack;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.Slot;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.store.FailingDatabase.Failure;

/** Time, and what may happen to the mail server and its database. */
final class ServerMoves {

  static final List<Move<Schedule>> ALL =
      List.of(
          new Move<>(
              "wait", 4, s -> true, s -> wait(s, Duration.ofSeconds(1 + s.random.nextInt(600)))),
          new Move<>(
              "wait long", 1, s -> true, s -> wait(s, Duration.ofHours(1 + s.random.nextInt(240)))),
          new Move<>("wait until just before the end", 6, s -> true, s -> waitForEnd(s, true)),
          new Move<>("wait until the end", 5, s -> true, s -> waitForEnd(s, false)),
          new Move<>("refresh", 4, s -> true, ServerMoves::refresh),
          Move.plain("delete what expired", 1, s -> true, s -> s.world.tidyUp()),
          Move.plain("restart", 2, Schedule::mayRestart, Schedule::restart),
          new Move<>("break the database", 4, Schedule::mayBreak, ServerMoves::breakDatabase),
          Move.plain(
              "heal the database",
              5,
              s -> s.world.database.failure() != Failure.NONE,
              Schedule::heal),
          new Move<>("flood", 3, s -> !s.publishesDraft, ServerMoves::flood),
          new Move<>(
              "flood while the database fails",
              2,
              s -> !s.publishesDraft,
              ServerMoves::floodMemory),
          new Move<>("race", 3, s -> s.publishesMtaSts && !s.remembers, ServerMoves::race));

  private ServerMoves() {}

  private static String wait(Schedule s, Duration time) {
    s.world.clock.advance(time);
    return time.toString();
  }

  private static String waitForEnd(Schedule s, boolean before) {
    Instant now = s.world.clock.instant();
    Optional<Instant> mtaSts = s.model.end().filter(now::isBefore);
    Optional<Instant> end =
        mtaSts.or(() -> s.draftModel.end(before)).map(t -> before ? t.minusSeconds(1) : t);
    Duration rest = end.map(t -> Duration.between(now, t)).orElse(Duration.ZERO);
    return wait(s, rest.isNegative() ? Duration.ZERO : rest);
  }

  private static String refresh(Schedule s) {
    s.show();
    long start = System.nanoTime();
    s.world.refresh(s.remembers);
    return s.hear(start) ? "served" : "";
  }

  private static String breakDatabase(Schedule s) {
    Failure failure =
        s.pick(List.of(Failure.ALL, Failure.ALL, Failure.WRITES, Failure.ANSWERS_TO_WRITES));
    s.broken(failure);
    // Mail to others notices.
    s.world.policies().get(Slot.MTA_STS, Schedule.name("other.example"));
    return failure.toString();
  }

  /** The attacker has mail sent to very many domains, which all have policies. */
  private static String flood(Schedule s) {
    s.flood();
    PolicyText text = PolicyText.of("none", "mx." + World.EVIL, Duration.ofDays(365));
    for (int i = 0; i < World.MEMORY + 4; i++) {
      s.world
          .policies()
          .put(
              new KnownMtaStsPolicy(
                  Schedule.name("flood" + i + ".example"),
                  "1",
                  Schedule.parse(text.text()),
                  s.world.clock.instant()));
    }
    return "";
  }

  /** What is fetched while the database fails is in memory alone; then others want its place. */
  private static String floodMemory(Schedule s) {
    String failure = breakDatabase(s);
    s.attacker.goAway();
    String text = HonestMoves.publish(s);
    s.show();
    s.check();
    flood(s);
    return failure + ", after " + text;
  }

  /**
   * Another server fetches a policy, and stores it only after this one has stored a newer one. If
   * somebody blocks the policy host from then on, what the store has made of it comes to light.
   */
  private static String race(Schedule s) {
    s.attacker.goAway();
    String first = HonestMoves.publish(s);
    s.show();
    LateStore late = new LateStore(s.world.policies());
    try (StsPolicyService peer = s.world.peer(late)) {
      peer.lookup(s.name);
    }
    // What the other server was served is nothing to this one, until it arrives.
    s.ignoreRequests();
    s.world.clock.advance(Duration.ofSeconds(1));
    String second = HonestMoves.publish(s);
    s.show();
    s.check();
    late.arrive();
    boolean blocked = s.random.nextBoolean();
    if (blocked) {
      s.attacker.lead(Attacker.Address.BLOCKED);
    }
    return first + " overtaken by " + second + (blocked ? ", the host blocked" : "");
  }
}
