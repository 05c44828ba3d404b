package org.jamessts.attack;

import java.util.List;
import org.jamessts.policy.KnownDraftPolicy;

/** What the domain may do, and those who mail it. */
final class HonestMoves {

  static final String DRAFT_PATH = "/.well-known/smtp-sts";

  static final List<Move<Schedule>> ALL =
      List.of(
          new Move<>("publish", 6, s -> s.publishesMtaSts, HonestMoves::publish),
          new Move<>(
              "publish undisturbed",
              6,
              s -> s.publishesMtaSts,
              s -> {
                s.attacker.goAway();
                return publish(s);
              }),
          new Move<>(
              "change without a new id",
              1,
              s -> s.domain.policy().isPresent(),
              HonestMoves::change),
          new Move<>("publish nonsense", 2, s -> s.publishesMtaSts, HonestMoves::publishNonsense),
          Move.plain(
              "withdraw the record", 1, s -> s.publishesMtaSts, s -> s.domain.withdrawRecord()),
          new Move<>("publish a draft policy", 5, s -> s.publishesDraft, HonestMoves::publishDraft),
          new Move<>(
              "publish a draft policy undisturbed",
              5,
              s -> s.publishesDraft,
              s -> {
                s.attacker.goAway();
                return publishDraft(s);
              }),
          new Move<>(
              "publish an earlier draft policy again",
              3,
              s -> !s.domain.pastDrafts().isEmpty(),
              s -> show(s, s.pick(s.domain.pastDrafts()))),
          new Move<>(
              "publish the file of a draft policy",
              1,
              s -> s.publishesDraft,
              HonestMoves::publishFile),
          new Move<>("deliver", 8, s -> s.deliveredUnder.isPresent(), HonestMoves::deliver));

  private HonestMoves() {}

  private static PolicyText policy(Schedule s) {
    String mode = s.pick(List.of("enforce", "enforce", "enforce", "testing", "none"));
    return PolicyText.of(mode, s.domain.nextMx(), s.lifetime());
  }

  static String publish(Schedule s) {
    PolicyText text = policy(s);
    s.domain.publish(text);
    return Schedule.oneLine(text.text());
  }

  private static String change(Schedule s) {
    PolicyText text = policy(s);
    s.domain.change(text);
    return Schedule.oneLine(text.text());
  }

  private static String publishNonsense(Schedule s) {
    PolicyText text = PolicyText.broken(s.domain.nextMx());
    s.domain.publish(text);
    return Schedule.oneLine(text.text());
  }

  private static DraftText draft(Schedule s, String path) {
    boolean tlsOnly = s.random.nextInt(3) > 0;
    return s.noted(DraftText.at(s.domain.name, path, tlsOnly, s.domain.nextMx(), s.lifetime()));
  }

  private static String publishDraft(Schedule s) {
    return show(s, draft(s, s.random.nextInt(4) == 0 ? "/sts/policy" : DRAFT_PATH));
  }

  private static String show(Schedule s, DraftText text) {
    s.domain.publish(text);
    return text.text();
  }

  private static String publishFile(Schedule s) {
    DraftText text = draft(s, DRAFT_PATH);
    s.domain.publishFile(text);
    return text.text();
  }

  /** A host kept all that a candidate demands, perhaps some time after the lookup. */
  private static String deliver(Schedule s) {
    KnownDraftPolicy policy = s.deliveredUnder.orElseThrow();
    s.service().confirm(policy);
    s.draftModel.confirm(policy.text(), s.world.clock.instant());
    return "under \"" + policy.text() + "\" of " + policy.fetchedAt();
  }
}
