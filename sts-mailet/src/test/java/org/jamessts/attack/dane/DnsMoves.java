package org.jamessts.attack.dane;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamessts.attack.Move;
import org.jamessts.attack.dane.Attacker.Question;
import org.jamessts.attack.dane.Certificates.Forgery;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.DnssecFault;
import org.jamessts.testing.PrivateCa.Credential;
import org.xbill.DNS.Message;

/** What the attacker may make of answers of the DNS. */
final class DnsMoves {

  /** One that is not signed is worth more than the others to whoever denies. */
  private static final List<String> ZONES =
      List.of("plain.test", "plain.test", "plain.test", "good.example", "evil.example", "example");

  static final List<Move<Schedule>> ALL =
      List.of(
          new Move<>("attack the DNS", 8, s -> true, s -> attack(s, s.pick(questions(s)))),
          new Move<>("lead mail elsewhere", 3, s -> true, DnsMoves::leadElsewhere),
          new Move<>("keep keys back", 6, s -> true, DnsMoves::keepKeysBack),
          new Move<>(
              "replay", 4, s -> !s.attacker.replayable().isEmpty(), DnsMoves::replayEverything),
          new Move<>("leave the DNS without an answer", 10, s -> s.slow, DnsMoves::silence),
          Move.plain("go away", 2, s -> true, Schedule::goAway));

  private DnsMoves() {}

  /** Everything that the way of a mail depends on. */
  private static List<Question> questions(Schedule s) {
    Layout layout = s.kind.layout();
    List<Question> all = new ArrayList<>(hostQuestions(s));
    all.add(new Question(layout.domain(), "MX"));
    all.addAll(records(s));
    for (String zone :
        List.of(".", "example", "good.example", "provider.example", "_tcp.cut.good.example")) {
      all.add(new Question(zone, "DNSKEY"));
      all.add(new Question(zone, "DS"));
    }
    return all;
  }

  private static List<Question> hostQuestions(Schedule s) {
    List<Question> all = new ArrayList<>();
    for (String host : hosts(s)) {
      all.add(new Question(host, "A"));
      all.add(new Question(host, "AAAA"));
    }
    s.kind.layout().target().ifPresent(any -> all.add(new Question(s.kind.layout().mx(), "CNAME")));
    return all;
  }

  /** The questions for TLSA records. */
  static List<Question> records(Schedule s) {
    return hosts(s).stream()
        .map(host -> new Question(Attacker.tlsaName(host, s.world.port()), "TLSA"))
        .toList();
  }

  private static List<String> hosts(Schedule s) {
    List<String> hosts = new ArrayList<>(s.kind.layout().bases());
    if (s.owner.hasBackup) {
      hosts.add(Model.BACKUP);
    }
    return hosts;
  }

  /** Makes something of the answer to one question. */
  static String attack(Schedule s, Question question) {
    switch (s.random.nextInt(13)) {
      case 0 -> {
        return attack(s, question, "corrupt signatures", DnssecFault.CORRUPT_SIGNATURES);
      }
      case 1 -> {
        return attack(s, question, "no signatures", DnssecFault.STRIP_SIGNATURES);
      }
      case 2 -> {
        return attack(s, question, "no proofs", DnssecFault.STRIP_PROOFS);
      }
      case 3 -> {
        return attack(s, question, "no DNSSEC", DnssecFault.STRIP_DNSSEC);
      }
      case 4, 5 -> {
        return forge(s, question);
      }
      case 6 -> {
        String zone = s.pick(ZONES);
        return attack(s, question, "no such name in " + zone, DnssecFault.denyName(zone));
      }
      case 7 -> {
        String zone = s.pick(ZONES);
        return attack(s, question, "no such data in " + zone, DnssecFault.denyData(zone));
      }
      case 8 -> {
        return attack(s, question, "SERVFAIL", DnsFault.SERVFAIL);
      }
      case 9 -> {
        return attack(
            s,
            question,
            "truncated, and no TCP",
            (answer, tcp) -> tcp ? List.of() : DnsFault.TRUNCATE_UDP.apply(answer, tcp));
      }
      case 10 -> {
        String line = "plain.test. SOA ns.invalid. x.invalid. 1 60 60 60 60";
        return attack(
            s, question, "beside an unsigned zone's SOA", DnssecFault.appendToAuthority(line));
      }
      case 11 -> {
        return attack(s, question, "wrong answers first", DnsFault.FORGED_FIRST);
      }
      default -> {
        return replay(s, question);
      }
    }
  }

  private static String attack(Schedule s, Question question, String words, DnsFault fault) {
    s.attacker.attack(question, fault);
    return question + ": " + words;
  }

  /** The attacker's own data in place of the right one, unsigned or with his own signature. */
  private static String forge(Schedule s, Question question) {
    Optional<String> data = forged(s, question);
    if (data.isEmpty()) {
      return attack(s, question, "REFUSED", DnsFault.REFUSED);
    }
    String line = question.name() + ". " + question.type() + " " + data.get();
    if (s.random.nextBoolean()) {
      return attack(s, question, "forged " + data.get(), DnssecFault.forge(line));
    }
    String signer = s.pick(ZONES);
    return attack(
        s,
        question,
        "forged " + data.get() + ", signed for " + signer,
        DnssecFault.forgeSignedBy(signer, line));
  }

  private static Optional<String> forged(Schedule s, Question question) {
    return switch (question.type()) {
      case "MX" -> Optional.of("1 mx.evil.example.");
      case "CNAME" -> Optional.of("mx.evil.example.");
      case "A" -> Optional.of(s.world.address(s.pick(List.of(Server.EVIL, Server.WEB))));
      case "TLSA" -> Optional.of(Form.EE_KEY.record(HostMoves.own(s)));
      default -> Optional.empty();
    };
  }

  private static String replay(Schedule s, Question question) {
    List<Message> earlier = s.attacker.earlier(question);
    return earlier.isEmpty()
        ? attack(s, question, "SERVFAIL", DnsFault.SERVFAIL)
        : attack(s, question, "replayed", DnssecFault.replay(s.pick(earlier)));
  }

  private static String replayEverything(Schedule s) {
    List<Question> all = s.attacker.replayable();
    all.forEach(question -> replay(s, question));
    if (s.random.nextBoolean()) {
      HostMoves.takeHosts(s, Forgery.STOLEN);
    }
    return all.toString();
  }

  private static String leadElsewhere(Schedule s) {
    Credential credential =
        Certificates.of(s.pick(List.of(Forgery.values())), s.owner.certificate(Server.PRIMARY));
    s.take(Server.EVIL, credential);
    Layout layout = s.kind.layout();
    Question question =
        s.pick(
            List.of(
                new Question(layout.domain(), "MX"),
                new Question(layout.mx(), "A"),
                new Question(layout.bases().get(0), "A")));
    return forge(s, question);
  }

  /** Without its keys, nobody can tell whether a zone that denies something may do so. */
  private static String keepKeysBack(Schedule s) {
    Question records = s.pick(records(s));
    String zone = s.kind.layout() == Layout.CUT ? "_tcp.cut.good.example" : "good.example";
    Question keys = new Question(zone, s.random.nextInt(3) == 0 ? "DS" : "DNSKEY");
    s.attacker.attack(
        keys, s.random.nextInt(3) == 0 ? DnssecFault.STRIP_DNSSEC : DnsFault.SERVFAIL);
    s.attacker.attack(records, DnssecFault.denyData(zone));
    // Who knows the keys already does not ask for them.
    s.restart();
    return keys + ", denies " + records + HostMoves.takeHosts(s, Forgery.SELF_SIGNED);
  }

  private static String silence(Schedule s) {
    return attack(s, s.pick(questions(s)), "silence", DnsFault.SILENCE);
  }
}
