package org.jamessts.attack;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.store.FailingDatabase.Failure;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PrivateDns;

/**
 * One domain, one attacker, and what they do by turns, drawn from a seed. After each step mail goes
 * to the domain, and the answer of the policy service is held against the models.
 */
final class Schedule {

  private static final int STEPS = 15;

  private static final List<Move<Schedule>> MOVES =
      Stream.of(HonestMoves.ALL, HostileMoves.ALL, ServerMoves.ALL).flatMap(List::stream).toList();

  /** One in so many has steps that wait for a time-out. */
  private static final int SLOW = 400;

  final World world;
  final SplittableRandom random;
  final Domain domain;
  final Attacker attacker = new Attacker();
  final DomainName name;
  final boolean publishesMtaSts;
  final boolean publishesDraft;
  final boolean remembers;
  final boolean slow;
  final Model model;
  final DraftModel draftModel;
  final Map<String, DraftText> draftTexts = new HashMap<>();
  Optional<KnownDraftPolicy> deliveredUnder = Optional.empty();

  private final long seed;
  private final List<String> steps = new ArrayList<>();
  private Set<String> draftRecord = Set.of();
  private int queriesSeen;
  private int requestsSeen;
  private Instant disturbed;
  private boolean flooded;
  private boolean floodedSinceFailure;
  private boolean restarted;
  private boolean restartedUnread;
  private boolean unreadable;
  private boolean stalled;

  Schedule(World world, long seed) {
    this.world = world;
    world.reset();
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    int kind = random.nextInt(4);
    this.publishesDraft = kind >= 2;
    this.publishesMtaSts = kind != 2;
    this.remembers = random.nextInt(4) == 0;
    this.slow = Math.floorMod(seed, SLOW) == SLOW - 1;
    String text = "d" + Long.toUnsignedString(seed) + ".example";
    this.domain = new Domain(text, World.credentialFor(text));
    this.name = name(text);
    this.disturbed = world.clock.instant();
    Optional<KnownMtaStsPolicy> preload = preload(random.nextInt(10) == 0 && !publishesDraft);
    this.model = new Model(preload);
    this.draftModel = new DraftModel(remembers);
  }

  static DomainName name(String text) {
    try {
      return DomainName.parse(text);
    } catch (InvalidDomainNameException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Optional<KnownMtaStsPolicy> preload(boolean wanted) {
    if (!wanted) {
      return Optional.empty();
    }
    PolicyText text = PolicyText.of("enforce", "preloaded." + domain.name, Duration.ofDays(20));
    KnownMtaStsPolicy policy =
        KnownMtaStsPolicy.preloaded(name, parse(text.text()), world.clock.instant());
    world.preload(policy);
    steps.add("preloaded until " + policy.expiresAt());
    return Optional.of(policy);
  }

  static StsPolicy parse(String text) {
    return ((StsPolicyParse.Parsed) StsPolicy.parse(text.getBytes(StandardCharsets.UTF_8)))
        .policy();
  }

  /**
   * Plays it.
   *
   * @return false when the machine was too slow to tell
   */
  boolean run() {
    requestsSeen = world.honest.requests().size();
    queriesSeen = world.dns.queries().size();
    try {
      for (int i = 0; i < STEPS && !stalled; i++) {
        // No two things happen at the same moment.
        world.clock.advance(Duration.ofSeconds(1));
        Move<Schedule> move = Move.draw(MOVES, this, random);
        int at = steps.size();
        steps.add("");
        String detail = move.play().apply(this);
        steps.set(at, world.clock.instant() + " " + move.name() + " " + detail);
        show();
        check();
      }
    } finally {
      world.forget(domain);
    }
    return !stalled;
  }

  /** What was changed reaches the mail server from now on. */
  void show() {
    if (!attacker.isAway() || !domain.isConsistent()) {
      disturbed = world.clock.instant();
    }
    world.show(domain, attacker);
  }

  /** What the DNS answered last when it was asked for the draft's record; a cache may have it. */
  private void hearQueries() {
    List<PrivateDns.Query> all = world.dns.queries();
    String record = "_smtp_sts." + domain.name;
    boolean asked =
        all.subList(queriesSeen, all.size()).stream().anyMatch(q -> q.name().equals(record));
    queriesSeen = all.size();
    TxtView view = attacker.draftTxt(domain);
    if (asked && view.fault().isEmpty()) {
      draftRecord = view.single().map(Set::of).orElse(Set.of());
    }
  }

  StsPolicyService service() {
    return world.service(remembers);
  }

  /** Mail goes to the domain. */
  void check() {
    boolean again = random.nextInt(5) == 0;
    long start = System.nanoTime();
    PolicyLookup answer = (again ? service().recheck(name) : service().lookup(name)).published();
    boolean served = hear(start);
    if (stalled) {
      return;
    }
    Instant now = world.clock.instant();
    Optional<String> fault = model.faultOf(answer, now, served, memoryMayLack());
    if (!(answer instanceof PolicyLookup.Known)) {
      fault = fault.or(() -> draftModel.faultOf(answer, now, draftRecord));
    }
    fault = fault.or(() -> staleness(answer));
    steps.add("    " + (again ? "recheck: " : "lookup: ") + shown(answer));
    if (fault.isPresent()) {
      throw new Breach(seed, fault.get(), steps);
    }
    candidate(answer)
        .filter(c -> random.nextBoolean())
        .ifPresent(c -> deliveredUnder = Optional.of(c));
    restartedUnread &= unreadable;
  }

  private static String shown(PolicyLookup answer) {
    return answer.policies().stream()
            .map(p -> p.describe() + " " + p.fetchedAt() + " \"" + oneLine(p.text()) + "\"")
            .toList()
        + answer.failure().map(f -> " " + f.kind() + ": " + oneLine(f.detail())).orElse("");
  }

  static Optional<KnownDraftPolicy> candidate(PolicyLookup answer) {
    return answer instanceof PolicyLookup.Draft draft
        ? draft
            .successor()
            .or(
                () ->
                    Optional.of(draft.policy())
                        .filter(p -> p.standing() == KnownDraftPolicy.Standing.CANDIDATE))
        : Optional.empty();
  }

  /**
   * Takes note of what the domain's own server was asked for.
   *
   * @return whether it served a policy by RFC 8461
   */
  boolean hear(long startNanos) {
    hearQueries();
    List<PolicyHost.Request> all = world.honest.requests();
    List<PolicyHost.Request> fresh = all.subList(requestsSeen, all.size());
    requestsSeen = all.size();
    boolean served = false;
    for (PolicyHost.Request request : fresh) {
      served |= hear(request);
    }
    if (!fresh.isEmpty() && attacker.answer().isEmpty()) {
      stalled |= System.nanoTime() - startNanos > World.PATIENCE.toNanos() / 2;
    }
    return served;
  }

  /** What was served in between was not for this mail server. */
  void ignoreRequests() {
    requestsSeen = world.honest.requests().size();
  }

  private boolean hear(PolicyHost.Request request) {
    // A forged address keeps nobody away who still has the true one.
    if (attacker.answer().isPresent()) {
      return false;
    }
    Instant now = world.clock.instant();
    String path = request.line().split(" ", 3)[1];
    if (request.sni().equals("mta-sts." + domain.name)) {
      Optional<PolicyText> policy = domain.policy().filter(PolicyText::isPolicy);
      policy.ifPresent(text -> model.serve(text, now, storeHasRoom(), databaseWorks()));
      return policy.isPresent();
    }
    Optional<DraftText> text =
        domain.draftPaths().contains(path)
            ? domain.file()
            : Optional.ofNullable(attacker.uploads().get(path));
    text.ifPresent(file -> draftModel.serve(file, path, draftRecord, now));
    return false;
  }

  private boolean databaseWorks() {
    return world.database.failure() == Failure.NONE;
  }

  private boolean storeHasRoom() {
    return databaseWorks() || !floodedSinceFailure;
  }

  /** The database fails in some way from now on, or in another way than before. */
  void broken(Failure failure) {
    world.database.fail(failure);
    unreadable |= failure == Failure.ALL;
  }

  private boolean memoryMayLack() {
    return unreadable && (flooded || restartedUnread);
  }

  void flood() {
    flooded = true;
    floodedSinceFailure = true;
  }

  void restart() {
    world.restart();
    restarted = true;
    restartedUnread = true;
    flooded = false;
  }

  void heal() {
    world.heal();
    unreadable = false;
    floodedSinceFailure = false;
  }

  /** What only the database knows is not known while it fails. */
  boolean mayBreak() {
    return !publishesDraft || !restarted;
  }

  boolean mayRestart() {
    return world.database.failure() == Failure.NONE;
  }

  /** Any lifetime of a policy; 0 is one. */
  Duration lifetime() {
    return random.nextInt(12) == 0
        ? Duration.ZERO
        : pick(List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(28)));
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** The model must know it when it is served. */
  DraftText noted(DraftText text) {
    draftTexts.put(text.text(), text);
    return text;
  }

  static String oneLine(String text) {
    return text.replace('\n', '|');
  }

  /** Nothing has stood in the way for a while, and yet the answer is not what is published. */
  private Optional<String> staleness(PolicyLookup answer) {
    Instant now = world.clock.instant();
    boolean free =
        attacker.isAway() && disturbed.plus(Duration.ofMinutes(6)).isBefore(now) && !slow;
    if (!free || remembers) {
      return Optional.empty();
    }
    Optional<PolicyText> announced = domain.announced();
    if (announced.isPresent()
        && answer.policies().stream().noneMatch(p -> p.text().equals(announced.get().text()))) {
      return Optional.of(
          shown(answer) + " though nothing hides \"" + announced.get().text() + "\"");
    }
    Optional<DraftText> draft = domain.announcedDraft();
    boolean reachable =
        draftModel.mechanismOwner().isEmpty()
            || draftModel
                .mechanismOwner()
                .flatMap(DraftText::path)
                .filter(domain.draftPaths()::contains)
                .isPresent();
    return draft.isPresent()
            && reachable
            && !(answer instanceof PolicyLookup.Known)
            && answer.policies().stream().noneMatch(p -> p.text().equals(draft.get().text()))
        ? Optional.of(shown(answer) + " though nothing hides " + draft.get())
        : Optional.empty();
  }
}
