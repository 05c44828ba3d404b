package org.jamessts.demo;

import static org.jamessts.demo.Scenario.Fate.CLEAR;
import static org.jamessts.demo.Scenario.Fate.NOTHING;
import static org.jamessts.demo.Scenario.Fate.TLS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamessts.demo.Scenario.Fate;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.PrivateInternet.PolicyHostFault;
import org.jamessts.testing.SmtpEffect;

/** The domains of the demo. Each is made of real records, certificates and servers. */
final class Scenarios {

  /** How long a policy holds at most that is to expire in between. */
  static final Duration SHORT_LIFE = Duration.ofSeconds(2);

  private static final String INJECTED = "250 injected.example\r\n";

  private Scenarios() {}

  /** A way in which an MX host breaks a policy. */
  private record Fault(String name, String situation, Fate underTesting, Host host) {}

  /** Makes the MX host of a domain. */
  @FunctionalInterface
  private interface Host {
    void make(PrivateInternet internet, String domain, String mx);
  }

  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>();
    all.addAll(honest());
    for (Fault fault : faults()) {
      all.add(underPolicy("enforce", fault, NOTHING));
    }
    all.add(injected());
    all.add(secondMxGood());
    for (Fault fault : faults()) {
      all.add(underPolicy("testing", fault, fault.underTesting()));
    }
    all.addAll(withoutPolicy());
    all.addAll(unavailablePolicies());
    all.addAll(DraftScenarios.all());
    all.addAll(DaneScenarios.all());
    return List.copyOf(all);
  }

  private static List<Scenario> honest() {
    return List.of(
        new Scenario(
            "good.test",
            "enforce",
            "all as promised",
            TLS,
            net -> {
              net.policy("good.test", "enforce", "mx.good.test");
              net.goodMx("good.test", 10, "mx.good.test");
            }),
        new Scenario(
            "wildcard.test",
            "enforce, mx: *.wildcard.test",
            "the wildcard covers the host",
            TLS,
            net -> {
              net.policy("wildcard.test", "enforce", "*.wildcard.test");
              net.goodMx("wildcard.test", 10, "mx7.wildcard.test");
            }));
  }

  private static List<Fault> faults() {
    return List.of(
        new Fault(
            "not-listed",
            "the MX is not in the policy",
            TLS,
            (net, domain, mx) -> net.goodMx(domain, 10, "mx.elsewhere-" + domain)),
        new Fault(
            "wrong-name",
            "certificate for another host",
            TLS,
            (net, domain, mx) -> net.mx(domain, 10, mx, net.ca().issue("mx.other.test"))),
        new Fault(
            "expired",
            "certificate expired yesterday",
            TLS,
            (net, domain, mx) -> net.mx(domain, 10, mx, net.ca().issueExpired(mx))),
        new Fault(
            "self-signed",
            "certificate signed by itself",
            TLS,
            (net, domain, mx) -> net.mx(domain, 10, mx, PrivateCa.selfSigned(mx))),
        new Fault(
            "stripped",
            "STARTTLS cut out on the way",
            CLEAR,
            (net, domain, mx) ->
                net.mx(domain, 10, mx, net.ca().issue(mx), SmtpEffect.hideStartTls())));
  }

  private static Scenario underPolicy(String mode, Fault fault, Fate expected) {
    String domain = fault.name() + (mode.equals("enforce") ? ".test" : "-" + mode + ".test");
    String mx = "mx." + domain;
    return new Scenario(
        domain,
        mode,
        fault.situation(),
        expected,
        net -> {
          net.policy(domain, mode, mx);
          fault.host().make(net, domain, mx);
        });
  }

  private static Scenario injected() {
    return new Scenario(
        "injected.test",
        "enforce",
        "plaintext injected before TLS",
        NOTHING,
        net -> {
          net.policy("injected.test", "enforce", "mx.injected.test");
          net.mx(
              "injected.test",
              10,
              "mx.injected.test",
              net.ca().issue("mx.injected.test"),
              new SmtpEffect.InjectAfterStartTls(INJECTED));
        });
  }

  private static Scenario secondMxGood() {
    return new Scenario(
        "second-good.test",
        "enforce",
        "first MX self-signed, second good",
        TLS,
        net -> {
          net.policy("second-good.test", "enforce", "*.second-good.test");
          net.mx(
              "second-good.test",
              10,
              "mx1.second-good.test",
              PrivateCa.selfSigned("mx1.second-good.test"));
          net.goodMx("second-good.test", 20, "mx2.second-good.test");
        });
  }

  private static List<Scenario> withoutPolicy() {
    return List.of(
        new Scenario(
            "mode-none.test",
            "none",
            "self-signed, under mode none",
            TLS,
            net -> {
              net.policy("mode-none.test", "none", "mx.mode-none.test");
              net.mx(
                  "mode-none.test",
                  10,
                  "mx.mode-none.test",
                  PrivateCa.selfSigned("mx.mode-none.test"));
            }),
        new Scenario(
            "plain-tls.test",
            "no policy",
            "STARTTLS offered",
            TLS,
            net ->
                net.mx(
                    "plain-tls.test",
                    10,
                    "mx.plain-tls.test",
                    PrivateCa.selfSigned("mx.plain-tls.test"))),
        new Scenario(
            "plain.test",
            "no policy",
            "no STARTTLS",
            CLEAR,
            net -> net.mxWithoutTls("plain.test", 10, "mx.plain.test")),
        new Scenario(
            "broken-tls.test",
            "no policy",
            "STARTTLS offered, handshake fails",
            CLEAR,
            net ->
                net.mx(
                    "broken-tls.test",
                    10,
                    "mx.broken-tls.test",
                    PrivateCa.selfSigned("mx.broken-tls.test"),
                    new SmtpEffect.Handshake(SmtpEffect.HandshakeFault.ALERT))),
        new Scenario(
            "null-mx.test",
            "no policy",
            "accepts no mail (null MX)",
            NOTHING,
            net -> net.dns().mx("null-mx.test", 0, ".")));
  }

  private static List<Scenario> unavailablePolicies() {
    return List.of(
        unavailable("host-down", "policy host down, nothing cached", PolicyHostFault.DOWN),
        unavailable("malformed", "the policy has no mode", PolicyHostFault.MALFORMED),
        unavailable("redirect", "the policy host redirects", PolicyHostFault.REDIRECT),
        unavailable("forged", "policy host's certificate not trusted", PolicyHostFault.UNTRUSTED),
        new Scenario(
            "cached.test",
            "enforce, from an earlier mail",
            "policy blocked since, MX self-signed",
            NOTHING,
            net -> {
              net.policy("cached.test", "enforce", "mx.cached.test");
              net.goodMx("cached.test", 10, "mx.cached.test");
            },
            Optional.of(net -> attack(net, "cached.test"))));
  }

  /** Takes every sign of a policy away, and puts another server in the place of the MX host. */
  static void attack(PrivateInternet net, String domain) {
    net.blockPolicy(domain);
    net.replaceMx("mx." + domain, PrivateCa.selfSigned("mx." + domain));
  }

  /** RFC 8461 §3.3: without a policy that can be had, mail goes as if there were none. */
  private static Scenario unavailable(String name, String situation, PolicyHostFault fault) {
    String domain = name + ".test";
    return new Scenario(
        domain,
        "enforce, but cannot be had",
        situation,
        TLS,
        net -> {
          net.policy(domain, "enforce", "mx." + domain, fault);
          net.mx(domain, 10, "mx." + domain, PrivateCa.selfSigned("mx." + domain));
        });
  }
}
