package org.jamessts.attack;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jamessts.attack.Attacker.Address;
import org.jamessts.attack.Attacker.Certificate;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PolicyHostEffect;

/** What the attacker may do on the way between the domain and the mail server. */
final class HostileMoves {

  private static final String UPLOAD_PATH = "/users/mallory/sts.txt";

  static final List<Move<Schedule>> ALL =
      List.of(
          new Move<>("forge the TXT record", 8, s -> s.publishesMtaSts, HostileMoves::forgeTxt),
          new Move<>(
              "forge the draft's record", 10, s -> s.publishesDraft, HostileMoves::forgeDraftTxt),
          new Move<>("mislead", 6, s -> true, HostileMoves::mislead),
          new Move<>("distort", 6, s -> true, HostileMoves::distort),
          new Move<>(
              "forge an id for another policy",
              10,
              s -> s.publishesMtaSts,
              s -> {
                s.attacker.forge(TxtView.of(List.of(record(forgedId(s)))));
                return s.random.nextBoolean() ? mislead(s) : distort(s);
              }),
          Move.plain("let HTTPS through", 4, s -> true, s -> s.attacker.openHttps()),
          Move.plain("go away", 4, s -> true, s -> s.attacker.goAway()),
          new Move<>("hang", 20, s -> s.slow, HostileMoves::hang));

  private HostileMoves() {}

  private static String record(String id) {
    return "v=STSv1; id=" + id + ";";
  }

  private static String forgedId(Schedule s) {
    return "f" + s.random.nextInt(1_000_000);
  }

  private static String forgeTxt(Schedule s) {
    TxtView view =
        switch (s.random.nextInt(8)) {
          case 0, 1 -> TxtView.of(List.of(record(forgedId(s))));
          case 2 -> TxtView.of(List.of());
          case 3 -> TxtView.of(List.of(record(forgedId(s)), record(forgedId(s))));
          case 4 -> TxtView.of(List.of("v=STSv1; id=-;"));
          case 5 ->
              s.domain.pastIds().isEmpty()
                  ? TxtView.of(List.of("v=STSv1;"))
                  : TxtView.of(List.of(record(s.pick(s.domain.pastIds()))));
          default -> failing(s);
        };
    s.attacker.forge(view);
    return view.words();
  }

  private static TxtView failing(Schedule s) {
    return switch (s.random.nextInt(4)) {
      case 0 -> TxtView.failing("SERVFAIL", DnsFault.SERVFAIL);
      case 1 -> TxtView.failing("REFUSED", DnsFault.REFUSED);
      case 2 ->
          TxtView.failing(
              "truncated, and no TCP",
              (answer, tcp) -> tcp ? List.of() : DnsFault.TRUNCATE_UDP.apply(answer, tcp));
      default ->
          TxtView.failing(
              "truncated, and another answer over TCP",
              (answer, tcp) ->
                  (tcp ? DnsFault.WRONG_ID : DnsFault.TRUNCATE_UDP).apply(answer, tcp));
    };
  }

  private static String forgeDraftTxt(Schedule s) {
    TxtView view =
        switch (s.random.nextInt(9)) {
          case 0 -> TxtView.of(List.of());
          case 1 -> TxtView.of(List.of("v=STS1; to=false", "v=STS1; to=false; mx=a.example"));
          case 2 -> TxtView.of(List.of("v=STS1; to=maybe"));
          case 3 -> failing(s);
          case 4 ->
              TxtView.of(
                  List.of(
                      s.domain.pastDrafts().isEmpty()
                          ? forgedDraft(s).text()
                          : s.pick(s.domain.pastDrafts()).text()));
          default -> TxtView.of(List.of(forgedDraft(s).text()));
        };
    s.attacker.forgeDraft(view);
    return view.words();
  }

  private static DraftText forgedDraft(Schedule s) {
    boolean tlsOnly = s.random.nextBoolean();
    String mx = "mx" + s.random.nextInt(1_000_000) + "." + World.EVIL;
    Duration year = Duration.ofDays(365);
    switch (s.random.nextInt(5)) {
      case 0 -> {
        DraftText text =
            DraftText.elsewhere("webpki:https://" + World.EVIL + "/sts", tlsOnly, mx, year);
        s.world.serveAtEvil(text.text());
        return s.noted(text);
      }
      case 1 -> {
        DraftText text = DraftText.at(s.domain.name, UPLOAD_PATH, tlsOnly, mx, year);
        s.attacker.upload(UPLOAD_PATH, text);
        return s.noted(text);
      }
      case 2 -> {
        return s.noted(DraftText.elsewhere("dnssec", tlsOnly, mx, year));
      }
      case 3 -> {
        return s.noted(DraftText.unvouched(mx));
      }
      default -> {
        return s.noted(DraftText.at(s.domain.name, HonestMoves.DRAFT_PATH, tlsOnly, mx, year));
      }
    }
  }

  private static String mislead(Schedule s) {
    Address where =
        s.pick(
            List.of(
                Address.FORGED, Address.FORGED, Address.NONE, Address.FAILING, Address.BLOCKED));
    if (where != Address.FORGED) {
      s.attacker.lead(where);
      return where.toString();
    }
    Certificate certificate = s.pick(List.of(Certificate.values()));
    String body = weaker(s);
    s.attacker.impersonate(certificate, body);
    return certificate + " with " + Schedule.oneLine(body);
  }

  /** What the attacker would like to be believed: of his own making, or of an earlier time. */
  private static String weaker(Schedule s) {
    if (s.publishesDraft && (!s.publishesMtaSts || s.random.nextBoolean())) {
      return s.attacker.draftTxt(s.domain).single().orElse("v=STS1; to=false");
    }
    return s.domain.pastPolicies().isEmpty() || s.random.nextBoolean()
        ? PolicyText.of("none", "mx." + World.EVIL, Duration.ofDays(365)).text()
        : s.pick(s.domain.pastPolicies()).text();
  }

  private static String distort(Schedule s) {
    Optional<PolicyText> honest =
        s.domain.policy().filter(p -> p.isPolicy() && !p.lifetime().isZero());
    int what = s.random.nextInt(3);
    if (what == 0 && honest.isPresent()) {
      String rest = honest.get().cut();
      s.attacker.distort(
          new PolicyHostEffect.Raw(
              PolicyHostEffect.head("200 OK", "Content-Type: text/plain\r\n") + rest));
      return "cut to " + Schedule.oneLine(rest);
    }
    if (what == 1 && honest.isPresent()) {
      int length = honest.get().text().length();
      s.attacker.distort(
          new PolicyHostEffect.Raw(
              PolicyHostEffect.head(
                      "200 OK", "Content-Type: text/plain\r\nContent-Length: " + length + "\r\n")
                  + honest.get().cut()));
      return "cut, with its whole length";
    }
    String status =
        s.pick(List.of("201 Created", "203 Other", "302 Found", "404 Not Found", "503 Busy"));
    String headers =
        "Content-Type: text/plain\r\nLocation: https://mta-sts." + World.EVIL + "/\r\n";
    s.attacker.distort(PolicyHostEffect.answer(status, headers, weaker(s)));
    return status;
  }

  private static String hang(Schedule s) {
    if (s.random.nextBoolean()) {
      s.attacker.forge(TxtView.failing("silence", DnsFault.SILENCE));
      return "of the DNS";
    }
    s.attacker.forge(TxtView.of(List.of(record(forgedId(s)))));
    s.attacker.distort(new PolicyHostEffect.Hang());
    return "of the policy host";
  }
}
