package org.jamessts.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jamessts.testing.FixedZones;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** The true answers to whatever is asked, and all that a forger can copy from them. */
final class DnsTruth {

  /** Names that a forger makes up are asked for too. */
  private static final int MAX_KEPT = 1000;

  /**
   * A question.
   *
   * @param name without the root dot, unless it is the root
   * @param type for example {@code MX}
   */
  record Question(String name, String type) {

    static Question of(String text) {
      int blank = text.indexOf(' ');
      return new Question(text.substring(0, blank), text.substring(blank + 1));
    }

    Name absolute() {
      try {
        return Name.fromString(name, Name.root);
      } catch (TextParseException e) {
        throw new IllegalStateException(name, e);
      }
    }

    Record record() {
      return Record.newRecord(absolute(), Type.value(type), DClass.IN);
    }
  }

  /** Names in signed zones: every answer is proven. */
  static final List<Question> PROVEN =
      questions(
          "good.test MX",
          "mx.good.test A",
          "mx.good.test AAAA",
          "_25._tcp.mx.good.test TLSA",
          "_tcp.mx.good.test A",
          "x.good.test A",
          "a.wild.good.test A",
          "a.wild.good.test TXT",
          "_mta-sts.good.test TXT",
          "across.good.test A",
          "out.good.test CNAME",
          "mx.hashed.test A",
          "mx.hashed.test AAAA",
          "x.hashed.test A",
          "a.wild.hashed.test A",
          "mx.loose.test A",
          "mx.kid.loose.test A",
          "mx.kid.loose.test TXT");

  /** Names in zones that are not signed, or of which opt-out leaves it open. */
  private static final List<Question> UNPROVEN =
      questions("out.good.test A", "mx.plain.test A", "x.loose.test A", "mx.island.loose.test A");

  /** What a target asks. */
  static final List<Question> QUESTIONS =
      Stream.concat(PROVEN.stream(), UNPROVEN.stream()).toList();

  /** What the validator asks for them; the names of zones among them. */
  private static final List<Question> KEYS =
      questions(
          ". DNSKEY",
          "test DS",
          "test DNSKEY",
          "good.test DS",
          "good.test DNSKEY",
          "other.test DS",
          "other.test DNSKEY",
          "hashed.test DS",
          "hashed.test DNSKEY",
          "loose.test DS",
          "loose.test DNSKEY",
          "kid.loose.test DS",
          "kid.loose.test DNSKEY",
          "plain.test DS",
          "island.loose.test DS",
          "mx.good.test DS",
          "mx.hashed.test DS",
          "mx.loose.test DS",
          "mx.good.test SOA",
          "mx.other.test A");

  private final FixedZones zones = new FixedZones();
  private final Map<Record, byte[]> kept = new ConcurrentHashMap<>();
  private final List<Question> all = new ArrayList<>();
  private final List<Record> records;

  DnsTruth() {
    all.addAll(QUESTIONS);
    all.addAll(KEYS);
    Set<Record> seen = new LinkedHashSet<>();
    for (Question question : all) {
      Message answer = read(answer(query(question)));
      seen.addAll(answer.getSection(Section.ANSWER));
      seen.addAll(answer.getSection(Section.AUTHORITY));
    }
    seen.addAll(FixedZones.forged());
    records = List.copyOf(seen);
  }

  private static List<Question> questions(String... texts) {
    return List.of(texts).stream().map(Question::of).toList();
  }

  String trustAnchor() {
    return zones.trustAnchor();
  }

  /** Every question to which a forger may have an answer. */
  List<Question> all() {
    return List.copyOf(all);
  }

  /** Every record of the true answers, signatures and proofs among them, and then some lies. */
  List<Record> records() {
    return records;
  }

  /** The true answer, with an id of 0. */
  byte[] answer(Message query) {
    Record question = Objects.requireNonNull(query.getQuestion());
    byte[] known = kept.get(question);
    if (known == null) {
      known = zones.answer(query).toWire();
      known[0] = 0;
      known[1] = 0;
      if (kept.size() < MAX_KEPT) {
        kept.put(question, known);
      }
    }
    return known.clone();
  }

  /** A query as a validator asks. */
  static Message query(Question question) {
    Message query = Message.newQuery(question.record());
    query.addRecord(new OPTRecord(1232, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
    return query;
  }

  static Message read(byte[] octets) {
    try {
      return new Message(octets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
