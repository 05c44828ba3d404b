package org.jamessts.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A root, a top-level domain that opts out as the large ones do, and zones in every state. */
final class BindZones {

  static final String OPT_OUT = "optout.test";

  /** Zones with the same records, signed in different ways. */
  static final List<String> ALIKE =
      List.of("nsec.test", "nsec3.test", OPT_OUT, "rsasha256.test", "ed25519.test");

  private static final String ECDSA = "ECDSAP256SHA256";
  private static final String RSA = "RSASHA256";
  private static final String HOST = "mx A 192.0.2.1\n";

  private static final String RECORDS =
      """
      @              MX    10 MX
      _mta-sts       TXT   "v=STSv1; id=1;"
      mx             A     192.0.2.1
      _25._tcp.mx    TLSA  3 1 1 abababababababababababababababababababababababababababababababab
      alias          CNAME mx
      _25._tcp.alias CNAME _25._tcp.mx
      a.b.ent        A     192.0.2.2
      *.wild         A     192.0.2.3
      *.wildalias    CNAME mx.other.test.
      *.services     TLSA  3 1 1 abababababababababababababababababababababababababababababababab
      across         CNAME mx.other.test.
      gone           CNAME nothing.other.test.
      out            CNAME mx.plain.test.
      outgone        CNAME nothing.plain.test.
      dname          DNAME other.test.
      dnameout       DNAME plain.test.
      twice          CNAME across
      """;

  private BindZones() {}

  static List<BindZone> all() {
    List<BindZone> zones = new ArrayList<>();
    zones.add(BindZone.signed(".", "", RSA));
    zones.add(optingOut("test", "ns A 127.0.0.1\n"));
    zones.add(BindZone.signed("nsec.test", RECORDS, ECDSA));
    zones.add(BindZone.signed("nsec3.test", RECORDS, ECDSA).withOptions("-3", "abcd", "-H", "5"));
    zones.add(optingOut(OPT_OUT, RECORDS));
    zones.add(BindZone.signed("rsasha256.test", RECORDS, RSA));
    zones.add(BindZone.signed("ed25519.test", RECORDS, "ED25519").withOptions("-3", "-"));
    for (String zone : ALIKE) {
      zones.add(BindZone.unsigned("plain." + zone, HOST));
      zones.add(BindZone.signed("sub." + zone, HOST, ECDSA));
    }
    String other =
        """
        mx          A     192.0.2.4
        _25._tcp.mx TLSA  3 1 1 abababababababababababababababababababababababababababababababab
        toforged    CNAME mx.forged.test.
        """;
    zones.add(BindZone.signed("other.test", other, ECDSA));
    zones.add(BindZone.unsigned("plain.test", HOST + "in CNAME mx.other.test.\n"));
    zones.add(BindZone.signed("island.plain.test", HOST, ECDSA));
    for (String algorithm : List.of("RSASHA512", "ECDSAP384SHA384", "ED448")) {
      zones.add(BindZone.signed(algorithm.toLowerCase(Locale.ROOT) + ".test", HOST, algorithm));
    }
    zones.add(
        BindZone.signed("large.test", HOST, ECDSA).withStandbyKeys(8).withDs(ofAlgorithm(13)));
    // Has DS records of the standby key too, whose algorithm signs nothing.
    zones.add(BindZone.signed("stray.test", HOST, ECDSA).withStandbyKeys(1));
    addRollovers(zones);
    addBroken(zones);
    return zones;
  }

  private static BindZone optingOut(String name, String records) {
    return BindZone.signed(name, records, ECDSA).withOptions("-3", "-", "-A");
  }

  private static UnaryOperator<Stream<String>> ofAlgorithm(int number) {
    return lines -> lines.filter(line -> line.matches(".* DS \\d+ " + number + " .*"));
  }

  /** From one algorithm to another (RFC 6781 §4.1.4), whose numbers are 8 and 13. */
  private static void addRollovers(List<BindZone> zones) {
    zones.add(BindZone.signed("rolling.test", HOST, RSA, ECDSA));
    zones.add(BindZone.signed("rollingold.test", HOST, RSA, ECDSA).withDs(ofAlgorithm(8)));
    zones.add(BindZone.signed("rollingnew.test", HOST, RSA, ECDSA).withDs(ofAlgorithm(13)));
    zones.add(
        BindZone.signed("prepublished.test", HOST, RSA, ECDSA)
            .withDs(ofAlgorithm(8))
            .withAfterwards(
                lines ->
                    lines.filter(line -> !line.matches(".*\\sRRSIG\\s+(?!DNSKEY)\\S+ 13 .*"))));
  }

  private static void addBroken(List<BindZone> zones) {
    zones.add(BindZone.signed("nods.test", HOST, ECDSA).withDs(lines -> Stream.of()));
    zones.add(
        BindZone.signed("forged.test", HOST, ECDSA)
            .withAfterwards(lines -> lines.map(line -> line.replace("192.0.2.1", "192.0.2.9"))));
    zones.add(
        BindZone.signed("expired.test", HOST, ECDSA)
            .withOptions("-s", "20200101000000", "-e", "20200201000000"));
    zones.add(
        BindZone.signed("otherkey.test", HOST, ECDSA)
            .withDs(lines -> lines.map(line -> line.substring(0, line.length() - 4) + "ABBA")));
    zones.add(BindZone.signed("slow.test", HOST, ECDSA).withOptions("-3", "abcd", "-H", "100"));
  }
}
