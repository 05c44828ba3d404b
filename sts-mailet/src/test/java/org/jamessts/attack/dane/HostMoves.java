package org.jamessts.attack.dane;

import java.util.List;
import org.jamessts.attack.Move;
import org.jamessts.attack.dane.Attacker.Question;
import org.jamessts.attack.dane.Certificates.Forgery;
import org.jamessts.attack.dane.Certificates.Owned;
import org.jamessts.testing.PrivateCa.Credential;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Handshake;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.Silence;
import org.jamessts.testing.SmtpEffect.Stage;

/** What the attacker may do on the way to the hosts, or in their place. */
final class HostMoves {

  private static final List<Server> HOSTS = List.of(Server.PRIMARY, Server.BACKUP);

  private static final List<SmtpEffect> WITHOUT_TLS =
      List.of(
          SmtpEffect.hideStartTls(),
          SmtpEffect.heloOnly(),
          SmtpEffect.reply(Stage.STARTTLS, "454 4.7.0 not now"),
          SmtpEffect.reply(Stage.STARTTLS, "554 5.7.0 never"),
          new Handshake(HandshakeFault.ALERT),
          new Handshake(HandshakeFault.GARBAGE),
          new Handshake(HandshakeFault.CLOSE));

  private static final List<SmtpEffect> IN_CLEAR =
      List.of(
          SmtpEffect.reply(Stage.BANNER, "554 5.7.1 go away"),
          SmtpEffect.reply(Stage.EHLO, "550 5.7.1 go away"),
          SmtpEffect.reply(Stage.EHLO, "421 4.7.1 busy"),
          new SmtpEffect.Drop(Stage.BANNER),
          new SmtpEffect.Drop(Stage.STARTTLS),
          new SmtpEffect.InjectAfterStartTls("250 sink.test\r\n250 2.1.0 fine\r\n"));

  private static final List<SmtpEffect> HANGS =
      List.of(
          new Silence(Stage.BANNER),
          new Silence(Stage.STARTTLS),
          new Handshake(HandshakeFault.SILENCE));

  static final List<Move<Schedule>> ALL =
      List.of(
          new Move<>("impersonate", 10, s -> true, HostMoves::impersonate),
          new Move<>("cut TLS out", 5, s -> true, s -> disturb(s, WITHOUT_TLS)),
          new Move<>("speak in clear", 2, s -> true, s -> disturb(s, IN_CLEAR)),
          new Move<>("answer as another host", 1, s -> true, HostMoves::swap),
          new Move<>("hang", 10, s -> s.slow, s -> disturb(s, HANGS)));

  private HostMoves() {}

  /** What the attacker has without any help. */
  static Credential own(Schedule s) {
    return Certificates.of(Forgery.SELF_SIGNED, s.owner.certificate(Server.PRIMARY));
  }

  /** Answers in place of all hosts. */
  static String takeHosts(Schedule s, Forgery forgery) {
    for (Server host : HOSTS) {
      Owned honest = s.owner.certificate(host);
      Owned target =
          forgery == Forgery.STOLEN
              ? honest.ofGeneration(s.random.nextInt(honest.generation() + 1))
              : honest;
      s.take(host, Certificates.of(forgery, target));
    }
    return " and answers with " + forgery;
  }

  private static String impersonate(Schedule s) {
    Forgery forgery = s.pick(List.of(Forgery.values()));
    String words = takeHosts(s, forgery);
    if (s.random.nextBoolean()) {
      return words;
    }
    Question records = s.pick(DnsMoves.records(s));
    return DnsMoves.attack(s, records) + words;
  }

  private static String swap(Schedule s) {
    s.take(Server.PRIMARY, Certificates.of(s.owner.certificate(Server.BACKUP)));
    s.take(Server.BACKUP, Certificates.of(s.owner.certificate(Server.PRIMARY)));
    return "";
  }

  private static String disturb(Schedule s, List<SmtpEffect> effects) {
    SmtpEffect effect = s.pick(effects);
    HOSTS.forEach(host -> s.disturb(host, effect));
    return effect.toString();
  }
}
