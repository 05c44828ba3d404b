package org.jamessts.fuzz;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsAnswer.Absent;
import org.jamessts.dns.DnsAnswer.Failed;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.dns.DnsAnswer.Found;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.OctetsDns;
import org.jamessts.fuzz.DnsTruth.Question;
import org.jamessts.testing.FixedZones;

/**
 * Answers of name servers, all of them forged by somebody who knows every true one, its signatures
 * and proofs too (RFC 4035 §5): nothing false is ever proven, and what is signed never looks
 * unsigned.
 */
public final class DnsAnswerTarget {

  private static final Duration LONGEST_KEPT = Duration.ofDays(1);
  private static final int MOST_RECORDS = 100;

  private static final Clock CLOCK = Clock.fixed(FixedZones.NOW, ZoneOffset.UTC);
  private static final DnsTruth TRUTH = new DnsTruth();

  /** Who answers the one that is used again and again. */
  private static final AtomicReference<UnaryOperator<byte[]>> SERVER =
      new AtomicReference<>(DnsAnswerTarget::answered);

  private static final OctetsDns EXPERIENCED =
      dns(query -> Objects.requireNonNull(SERVER.get()).apply(query));
  private static final Map<Question, DnsAnswer<?>> TRUE_ANSWERS = trueAnswers();

  private DnsAnswerTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
  }

  static boolean reads(byte[] input) {
    Question asked = new DnsForger(TRUTH, input).asked();
    DnsReply<?> unproven = dns(new DnsForger(TRUTH, input)).unproven(asked.name(), asked.type());
    Claims.that(!isProven(unproven.answer()), () -> "proven by nobody: " + unproven);
    keepsItsPromises(unproven);
    List<DnsReply<?>> found = new ArrayList<>();
    DnsForger forger = new DnsForger(TRUTH, input);
    // Whoever knows the keys already is several times as fast.
    OctetsDns proving = forger.leavesKeysAlone() ? EXPERIENCED : dns(forger);
    SERVER.set(forger);
    Texts.inTime(() -> found.add(proving.proven(asked.name(), asked.type())));
    DnsReply<?> proven = found.get(0);
    keepsItsPromises(proven);
    isTrue(asked, proven.answer());
    return !(proven.answer() instanceof Failed<?>);
  }

  private static OctetsDns dns(UnaryOperator<byte[]> server) {
    return new OctetsDns(server, TRUTH.trustAnchor(), CLOCK);
  }

  private static Map<Question, DnsAnswer<?>> trueAnswers() {
    Map<Question, DnsAnswer<?>> answers = new HashMap<>();
    for (Question question : DnsTruth.QUESTIONS) {
      OctetsDns dns = dns(DnsAnswerTarget::answered);
      DnsAnswer<?> answer = dns.proven(question.name(), question.type()).answer();
      Claims.equal(isProven(answer), DnsTruth.PROVEN.contains(question), answer.toString());
      answers.put(question, answer);
    }
    return answers;
  }

  private static byte[] answered(byte[] query) {
    byte[] answer = TRUTH.answer(DnsTruth.read(query));
    System.arraycopy(query, 0, answer, 0, 2);
    return answer;
  }

  private static void isTrue(Question asked, DnsAnswer<?> answer) {
    DnsAnswer<?> truth = Objects.requireNonNull(TRUE_ANSWERS.get(asked));
    if (answer instanceof Failed<?>) {
      return;
    }
    if (isProven(truth) || isProven(answer)) {
      Claims.equal(comparable(asked, answer), comparable(asked, truth), asked.toString());
    }
  }

  private static boolean isProven(DnsAnswer<?> answer) {
    return (answer instanceof Found<?> found && found.security() == Security.SECURE)
        || (answer instanceof Absent<?> absent && absent.security() == Security.SECURE);
  }

  /** Neither order nor, but in texts, case is proven (RFC 4034 §6). */
  private static Object comparable(Question asked, DnsAnswer<?> answer) {
    if (!(answer instanceof Found<?> found)) {
      return answer;
    }
    Set<String> records =
        found.records().stream()
            .map(String::valueOf)
            .map(text -> asked.type().equals("TXT") ? text : text.toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(HashSet::new));
    return List.of(
        records, found.security(), found.alias().map(alias -> alias.toLowerCase(Locale.ROOT)));
  }

  private static void keepsItsPromises(DnsReply<?> reply) {
    Claims.that(
        !reply.keep().isNegative() && reply.keep().compareTo(LONGEST_KEPT) <= 0,
        () -> "kept for " + reply.keep());
    Claims.that(reply.records().size() <= MOST_RECORDS, () -> "too many records: " + reply);
    if (reply.answer() instanceof Failed<?> failed) {
      Claims.isReason(failed.detail());
      Claims.that(
          failed.failure() != Failure.TIMEOUT, () -> "it waits for nothing: " + failed.detail());
      Claims.that(reply.keep().isZero(), () -> "a failure that is kept");
    }
  }
}
