package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.DnssecFault;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What becomes of a mail, by what signed and unsigned zones say and by what the host shows (RFC
 * 7672 §2.1, §2.2, §6), as the receiving server sees it. Nothing but a record vouches for a
 * certificate here.
 */
class DaneTableDeliveryTest extends DaneWorld {

  private static final String RIGHT = key(ODD.leaf());
  private static final String OTHERS = key(OTHER.leaf());
  private static final String UNUSABLE = "1 1 1 " + digest(new byte[0]);
  private static final Pattern HOW =
      Pattern.compile("channel=(?:\"\\S+ )?(\\w+)\"? policy=\"([^\"]*)\"");

  /** Rule, domain, what is there; what becomes of a mail, and of one where DANE is demanded. */
  static Stream<Arguments> table() {
    List<Arguments> all = new ArrayList<>();
    all.addAll(routes());
    all.addAll(hosts());
    all.addAll(records());
    all.addAll(channels());
    return all.stream();
  }

  private static Arguments row(
      String rule,
      String domain,
      Consumer<DaneTableDeliveryTest> setUp,
      String opportunistic,
      String mandatory) {
    return arguments(rule, domain, setUp, opportunistic, mandatory);
  }

  private static String verified(String base) {
    return "verified as " + base + ": DANE " + base;
  }

  private static String demanded(String base) {
    return "verified as " + base + ": mandatory DANE " + base;
  }

  private static String unverified(String host) {
    return "unverified as " + host + ": no policy";
  }

  private static List<Arguments> routes() {
    return List.of(
        row(
            "§2.2: MX that is an IP address",
            DOMAIN,
            in -> in.net.dns().mx(DOMAIN, 10, "127.77.0.9"),
            "450 4.4.4",
            "450 4.4.4"),
        row(
            "§2.1.2: MX lookup fails",
            DOMAIN,
            in -> {
              in.signed(ODD, RIGHT);
              in.net.dns().fault(DOMAIN, "MX", DnsFault.SERVFAIL);
            },
            "450 4.4.3",
            "450 4.4.3"),
        row(
            "§2.1.2: MX records are bogus",
            DOMAIN,
            in -> {
              in.signed(ODD, RIGHT);
              in.net.dns().fault(DOMAIN, "MX", DnssecFault.CORRUPT_SIGNATURES);
            },
            "450 4.4.3",
            "450 4.4.3"),
        row(
            "RFC 7505: null MX",
            DOMAIN,
            in -> in.net.dns().mx(DOMAIN, 0, "."),
            "556 5.1.10",
            "556 5.1.10"),
        row("§2.1.1: no such domain", "x.good.example", in -> {}, "550 5.1.2", "550 5.1.2"),
        row(
            "§2.2.2: no MX, secure address",
            DOMAIN,
            in -> {
              in.net.implicitMx(DOMAIN);
              in.net.replaceMx(DOMAIN, ODD);
              in.tlsa(DOMAIN, RIGHT);
            },
            verified(DOMAIN),
            demanded(DOMAIN)),
        row(
            "§2.2.2: no MX, insecure address",
            PLAIN,
            in -> {
              in.net.implicitMx(PLAIN);
              in.tlsa(PLAIN, OTHERS);
            },
            unverified(PLAIN),
            "450 4.7.5"),
        row("§2.2.1: secure MX", DOMAIN, in -> in.signed(ODD, RIGHT), verified(MX), demanded(MX)),
        row(
            "§2.2.1: insecure MX",
            PLAIN,
            in -> {
              in.net.mx(PLAIN, 10, MX, ODD);
              in.tlsa(MX, OTHERS);
            },
            unverified(MX),
            "450 4.7.5"),
        row(
            "§2.1.3: secure alias of the domain",
            "alias.good.example",
            in -> {
              in.net.dns().cname("alias.good.example", PROVIDER);
              in.net.mx(PROVIDER, 10, REAL, ODD);
              in.tlsa(REAL, RIGHT);
            },
            verified(REAL),
            demanded(REAL)),
        row(
            "§2.1.3: insecure alias of the domain",
            "alias.plain.test",
            in -> {
              in.net.dns().cname("alias.plain.test", DOMAIN);
              in.signed(ODD, OTHERS);
            },
            unverified(MX),
            "450 4.7.5"),
        row(
            "§2.2.1: preference goes before proof",
            DOMAIN,
            in -> {
              in.net.mx(DOMAIN, 10, MX, ODD);
              in.net.mx(DOMAIN, 20, BACKUP, ODD);
              in.tlsa(BACKUP, RIGHT);
            },
            unverified(MX),
            demanded(BACKUP)));
  }

  private static List<Arguments> hosts() {
    return List.of(
        row(
            "§2.2.2: address lookup fails",
            DOMAIN,
            in -> {
              in.signed(ODD, RIGHT);
              in.net.dns().fault(MX, "A", DnsFault.SERVFAIL);
            },
            "450 4.4.3",
            "450 4.4.3"),
        row(
            "§2.2.2: no address",
            DOMAIN,
            in -> in.net.dns().mx(DOMAIN, 10, "none.good.example"),
            "450 4.4.4",
            "450 4.4.4"),
        row(
            "§2.2.2: insecure address",
            DOMAIN,
            in -> {
              in.net.mx(DOMAIN, 10, PLAIN_MX, ODD);
              in.tlsa(PLAIN_MX, OTHERS);
            },
            unverified(PLAIN_MX),
            "450 4.7.5"),
        row(
            "§2.2.2: alias, all secure, expanded name",
            DOMAIN,
            in -> {
              in.alias(MX, REAL);
              in.tlsa(REAL, RIGHT);
              in.tlsa(MX, OTHERS);
            },
            "verified as " + REAL + ": DANE mx.good.example by " + REAL,
            "verified as " + REAL + ": mandatory DANE mx.good.example by " + REAL),
        row(
            "§2.2.2: alias, all secure, original name",
            DOMAIN,
            in -> {
              in.alias(MX, REAL);
              in.tlsa(MX, RIGHT);
            },
            verified(MX),
            demanded(MX)),
        row(
            "§2.2.2: alias, only the first step secure",
            DOMAIN,
            in -> {
              in.alias(MX, PLAIN_MX);
              in.tlsa(MX, RIGHT);
              in.tlsa(PLAIN_MX, OTHERS);
            },
            verified(MX),
            demanded(MX)),
        row(
            "§2.2.2: alias, the first step insecure",
            DOMAIN,
            in -> {
              in.alias(PLAIN_MX, MX);
              in.tlsa(MX, OTHERS);
              in.tlsa(PLAIN_MX, OTHERS);
            },
            unverified(PLAIN_MX),
            "450 4.7.5"),
        row(
            "§2.1.3: alias, the first step cannot be told",
            DOMAIN,
            in -> {
              in.alias(MX, PLAIN_MX);
              in.tlsa(MX, RIGHT);
              in.net.dns().fault(MX, "CNAME", DnsFault.SERVFAIL);
            },
            "450 4.4.3",
            "450 4.4.3"),
        row(
            "§2.1.3: name below a DNAME, expanded name",
            DOMAIN,
            in -> {
              in.net.mx("aliased.test", 10, REAL, ODD);
              in.net.dns().mx(DOMAIN, 10, "real.moved.good.example");
              in.net.dns().dname("moved.good.example", PROVIDER);
              in.tlsa(REAL, RIGHT);
            },
            "verified as " + REAL + ": DANE real.moved.good.example by " + REAL,
            "verified as " + REAL + ": mandatory DANE real.moved.good.example by " + REAL));
  }

  private static List<Arguments> records() {
    return List.of(
        row(
            "§2.1.2: TLSA lookup fails",
            DOMAIN,
            in -> {
              in.signed(ODD, RIGHT);
              in.failing(MX);
            },
            "450 4.7.5",
            "450 4.7.5"),
        row(
            "§2.2.3: it fails at the expanded name",
            DOMAIN,
            in -> {
              in.alias(MX, REAL);
              in.tlsa(MX, RIGHT);
              in.failing(REAL);
            },
            "450 4.7.5",
            "450 4.7.5"),
        row(
            "§2.2: insecure records",
            DOMAIN,
            in -> {
              in.net.mx(DOMAIN, 10, MX, ODD);
              in.net.dns().cname(in.tlsaName(MX), "keys.plain.test");
              in.net.dns().add("keys.plain.test. TLSA " + OTHERS);
            },
            unverified(MX),
            "450 4.7.5"),
        row(
            "§2.2: no records",
            DOMAIN,
            in -> in.net.mx(DOMAIN, 10, MX, ODD),
            unverified(MX),
            "450 4.7.5"),
        row(
            "§2.2.3: secure alias of the records",
            DOMAIN,
            in -> {
              in.net.mx(DOMAIN, 10, MX, ODD);
              in.net.dns().cname(in.tlsaName(MX), "keys.provider.example");
              in.net.dns().add("keys.provider.example. TLSA " + RIGHT);
            },
            verified(MX),
            demanded(MX)),
        row(
            "§2.2: unusable records",
            DOMAIN,
            in -> in.signed(ODD, UNUSABLE),
            "unverified as mx.good.example: DANE mx.good.example (no usable records)",
            "450 4.7.5"),
        row(
            "§2.2: one usable among unusable",
            DOMAIN,
            in -> {
              in.signed(ODD, UNUSABLE);
              in.tlsa(MX, RIGHT);
            },
            verified(MX),
            demanded(MX)));
  }

  private static List<Arguments> channels() {
    List<Arguments> all = new ArrayList<>();
    all.add(
        row(
            "§2.2: no record matches",
            DOMAIN,
            in -> in.signed(ODD, OTHERS),
            "450 4.7.5",
            "450 4.7.5"));
    all.add(
        row(
            "§2.2: no record of any host matches",
            DOMAIN,
            in -> {
              in.signed(ODD, OTHERS);
              in.net.mx(DOMAIN, 20, BACKUP, ODD);
              in.tlsa(BACKUP, OTHERS);
            },
            "450 4.7.5",
            "450 4.7.5"));
    all.add(
        row(
            "§2.2: a record of the next host matches",
            DOMAIN,
            in -> {
              in.signed(ODD, OTHERS);
              in.net.mx(DOMAIN, 20, BACKUP, ODD);
              in.tlsa(BACKUP, RIGHT);
            },
            verified(BACKUP),
            demanded(BACKUP)));
    all.addAll(withoutTls("no STARTTLS", SmtpEffect.hideStartTls(), "450 4.7.4"));
    all.addAll(
        withoutTls(
            "STARTTLS refused",
            SmtpEffect.reply(Stage.STARTTLS, "454 4.7.0 not now"),
            "450 4.7.4"));
    all.addAll(
        withoutTls("no handshake", new SmtpEffect.Handshake(HandshakeFault.ALERT), "450 4.7.5"));
    return all;
  }

  private static List<Arguments> withoutTls(String what, SmtpEffect effect, String code) {
    return List.of(
        row("§2.2: usable records, " + what, DOMAIN, in -> in.signed(RIGHT, effect), code, code),
        row(
            "§2.2: unusable records, " + what,
            DOMAIN,
            in -> in.signed(UNUSABLE, effect),
            code,
            "450 4.7.5"),
        row(
            "§2.2: no records, " + what,
            DOMAIN,
            in -> in.net.mx(DOMAIN, 10, MX, ODD, effect),
            "clear: no policy",
            "450 4.7.5"));
  }

  private void signed(String record, SmtpEffect effect) {
    net.mx(DOMAIN, 10, MX, ODD, effect);
    tlsa(MX, record);
  }

  /** The host is an alias of another. */
  private void alias(String host, String target) {
    net.mx("aliased.test", 10, target, ODD);
    net.dns().mx(DOMAIN, 10, host).cname(host, target);
  }

  @ParameterizedTest(name = "RFC 7672 {0}")
  @MethodSource("table")
  @Rule(value = "RFC 7672 D3", in = MailDelivery.class)
  @Rule(value = "RFC 7672 D4", in = MailDelivery.class)
  @Rule(value = "RFC 7672 D6", in = MailDelivery.class)
  @Rule(value = "RFC 7672 D7", in = MailDelivery.class)
  @Rule(value = "RFC 7672 D8", in = MailDelivery.class)
  @Rule(value = "RFC 7672 D10", in = MailDelivery.class)
  @Rule(value = "RFC 7672 D13", in = Destinations.class)
  @Rule(value = "RFC 7672 D14", in = Destinations.class)
  @Rule(value = "RFC 7672 D20", in = MailDelivery.class)
  @Rule(value = "RFC 7672 D21", in = HostConversation.class)
  @Rule(value = "RFC 7672 D22", in = MailDelivery.class)
  void mailShouldGoAsTheRecordsSay(
      String rule,
      String domain,
      Consumer<DaneTableDeliveryTest> setUp,
      String opportunistic,
      String mandatory) {
    setUp.accept(this);

    assertThat(outcome(domain)).isEqualTo(opportunistic);

    demand(domain);
    assertThat(outcome(domain)).isEqualTo(mandatory);
  }

  /** The code, or how the mail was received, by which name the server was called, and why. */
  private String outcome(String domain) {
    int before = net.receivedFor("bob@" + domain).size();
    DeliveryReport report = world.delivery().deliver(world.mailTo(domain));
    List<ReceivedMail> received = net.receivedFor("bob@" + domain);
    if (report.delivered().isEmpty()) {
      assertThat(received).hasSize(before);
      return report.deferred().isEmpty()
          ? report.bounced().get(0).reason().ultimate()
          : report.deferred().get(0).reason().queued();
    }
    assertThat(received).hasSize(before + 1);
    Matcher how = HOW.matcher(report.delivered().get(0).how());
    assertThat(how.find()).isTrue();
    return received.stream()
            .skip(before)
            .findFirst()
            .flatMap(ReceivedMail::tls)
            .map(tls -> how.group(1) + " as " + tls.serverName().orElse("nobody"))
            .orElse("clear")
        + ": "
        + how.group(2);
  }
}
