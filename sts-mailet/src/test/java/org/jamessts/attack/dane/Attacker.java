package org.jamessts.attack.dane;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.DnssecFault;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;

/**
 * Somebody who sits before the name server: he hears all answers, and makes of each what he wants.
 * He has no keys but those of his own zone, {@code evil.example}.
 */
final class Attacker implements DnsFault {

  /**
   * A question.
   *
   * @param name without the root dot
   * @param type for example {@code MX}
   */
  record Question(String name, String type) {
    @Override
    public String toString() {
      return type + " of " + name;
    }
  }

  private final Map<Question, DnsFault> attacks = new ConcurrentHashMap<>();
  private final Map<Question, SortedMap<Integer, Message>> heard = new ConcurrentHashMap<>();
  private final AtomicInteger version = new AtomicInteger();

  static String tlsaName(String base, int port) {
    return "_" + port + "._tcp." + base;
  }

  @Override
  public List<byte[]> apply(Message answer, boolean tcp) throws Exception {
    Question question =
        new Question(
            answer.getQuestion().getName().toString(true).toLowerCase(Locale.ROOT),
            Type.string(answer.getQuestion().getType()));
    SortedMap<Integer, Message> all = heard.computeIfAbsent(question, any -> new TreeMap<>());
    synchronized (all) {
      all.putIfAbsent(version.get(), answer.clone());
    }
    return attacks.getOrDefault(question, DnssecFault.NONE).apply(answer, tcp);
  }

  /** From now on, other answers are right. */
  void nextVersion() {
    version.incrementAndGet();
  }

  /** From now on, a question is answered so. */
  void attack(Question question, DnsFault fault) {
    attacks.put(question, fault);
  }

  /** The questions to which he has heard another answer than is right now, in alphabetic order. */
  List<Question> replayable() {
    return heard.entrySet().stream()
        .filter(entry -> entry.getValue().firstKey() < version.get())
        .map(Map.Entry::getKey)
        .sorted((one, other) -> one.toString().compareTo(other.toString()))
        .toList();
  }

  /** The answers that once were right, the oldest first. */
  List<Message> earlier(Question question) {
    return new ArrayList<>(
        heard.getOrDefault(question, new TreeMap<>()).headMap(version.get()).values());
  }

  /** Everybody is answered rightly again. */
  void goAway() {
    attacks.clear();
  }

  boolean isAway() {
    return attacks.isEmpty();
  }
}
