package org.jamessts.testing;

/** Signed and unsigned zones below {@code test}, with every kind of name in them. */
final class SignedWorld {

  private SignedWorld() {}

  static void populate(PrivateDns dns, Denial denial) {
    Signing signing = Signing.standard().withDenial(denial);
    dns.sign("test", signing).sign("good.test", signing).sign("deep.er.good.test", signing);
    dns.sign("other.test", signing).sign("island.test", signing.withoutDs());
    dns.unsignedZone("plain.test").sign("isle.plain.test", signing);
    dns.a("a.good.test", "192.0.2.1")
        .add("_25._tcp.a.good.test. TLSA 3 1 1 " + "ab".repeat(32))
        .a("*.wild.good.test", "192.0.2.2")
        .a("here.wild.good.test", "192.0.2.3")
        .cname("*.alias.good.test", "a.other.test")
        .cname("chain.good.test", "a.good.test")
        .cname("across.good.test", "a.other.test")
        .cname("dangling.good.test", "none.other.test")
        .cname("typeless.good.test", "a.other.test")
        .cname("astray.good.test", "a.plain.test")
        .cname("lost.good.test", "none.plain.test")
        .cname("back.plain.test", "a.good.test");
    for (String zone : new String[] {"other", "plain", "island", "isle.plain", "deep.er.good"}) {
      dns.a("a." + zone + ".test", "192.0.2.4");
    }
  }
}
