package org.jamessts.demo;

import static org.jamessts.demo.Scenario.Fate.NOTHING;
import static org.jamessts.demo.Scenario.Fate.TLS;

import java.util.List;
import java.util.Optional;
import org.jamessts.demo.Scenario.SetUp;
import org.jamessts.testing.DraftPolicy;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;

/** The domains of the demo that publish by the draft of 2016, whose policy is its TXT record. */
final class DraftScenarios {

  private DraftScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "draft.test",
            "draft, to=true, from an earlier mail",
            "policy blocked since, MX self-signed",
            NOTHING,
            good("draft.test", DraftPolicy.tlsOnly("draft.test", "mx.draft.test")),
            Optional.of(net -> Scenarios.attack(net, "draft.test"))),
        new Scenario(
            "draft-forged.test",
            "draft, to=true, forged",
            "the record names the forger's hosts",
            TLS,
            good(
                "draft-forged.test",
                DraftPolicy.tlsOnly("draft-forged.test", "mx.forger.test")
                    .vouchedForBy("sts.forger.test"))),
        new Scenario(
            "draft-differs.test",
            "draft, to=true, not authenticated",
            "its copy differs, MX self-signed",
            TLS,
            net -> {
              net.draftPolicy(
                  DraftPolicy.tlsOnly("draft-differs.test", "mx.draft-differs.test"),
                  DraftPolicy.Fault.BODY_DIFFERS);
              selfSigned(net, "draft-differs.test");
            }),
        new Scenario(
            "draft-testing.test",
            "draft, to=false",
            "certificate signed by itself",
            TLS,
            net -> {
              net.draftPolicy(DraftPolicy.reported("draft-testing.test", "mx.draft-testing.test"));
              selfSigned(net, "draft-testing.test");
            }),
        new Scenario(
            "draft-unproven.test",
            "draft, to=true, never met yet",
            "certificate signed by itself",
            TLS,
            net -> {
              net.draftPolicy(DraftPolicy.tlsOnly("draft-unproven.test", "mx.draft-unproven.test"));
              selfSigned(net, "draft-unproven.test");
            }),
        new Scenario(
            "draft-expired.test",
            "draft, to=true, from an earlier mail",
            "policy blocked and expired since",
            TLS,
            good(
                "draft-expired.test",
                DraftPolicy.tlsOnly("draft-expired.test", "mx.draft-expired.test").lasting(1, 1)),
            Optional.of(net -> Scenarios.attack(net, "draft-expired.test"))));
  }

  private static SetUp good(String domain, DraftPolicy policy) {
    return net -> {
      net.draftPolicy(policy);
      net.goodMx(domain, 10, "mx." + domain);
    };
  }

  private static void selfSigned(PrivateInternet net, String domain) {
    net.mx(domain, 10, "mx." + domain, PrivateCa.selfSigned("mx." + domain));
  }
}
