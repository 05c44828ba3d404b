package org.jamessts.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.utils.base32;

/** The proofs of the example zones of the RFCs, link by link. */
class DenialVectorsTest {

  private static final base32 BASE32HEX = new base32(base32.Alphabet.BASE32HEX, false, true);

  private final PrivateDns dns = PrivateDns.start();

  @AfterEach
  void stop() {
    dns.close();
  }

  /** The zone of RFC 4035 appendix A; the rows are those of its appendix B. */
  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          B.2 name error         | ml.example    | A    | b.example ns1.example; example a.example
          B.3 no data            | ns1.example   | MX   | ns1.example ns2.example
          B.5 unsigned, no DS    | b.example     | DS   | b.example ns1.example
          B.6 wildcard           | a.z.w.example | MX   | x.y.w.example xx.example
          B.7 wildcard no data   | a.z.w.example | AAAA | *.w.example x.w.example; x.y.w.example xx.example
          an empty non-terminal  | y.w.example   | A    | x.w.example x.y.w.example
          after the last name    | zz.example    | A    | example a.example; xx.example example
          """)
  void nsecShouldBeThatOfTheRfc(String what, String name, String type, String links)
      throws Exception {
    dns.sign("example").sign("a.example").unsignedZone("b.example");
    names();
    assertThat(proof(name, type)).containsExactlyInAnyOrder(links.split("; "));
  }

  /** The zone of RFC 5155 appendix A; the rows are those of its appendix B. */
  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          B.1 name error         | a.c.x.w.example | A    | 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 2t7b4g4vsa5smi47k61mv5bv1a22bojr; b4um86eghhds6nea196smvmlo4ors995 gjeqe526plbf1g8mklp59enfd789njgi; 35mthgpgcu1qg68fab165klnsnk3dpvl b4um86eghhds6nea196smvmlo4ors995
          B.2 no data            | ns1.example     | MX   | 2t7b4g4vsa5smi47k61mv5bv1a22bojr 2vptu5timamqttgl4luu9kg21e0aor3s
          B.2.1 empty            | y.w.example     | A    | ji6neoaepv8b5o6k4ev33abha8ht9fgc k8udemvp1j2f7eg6jebps17vp3n8i58h
          B.3 opt-out, no DS     | c.example       | DS   | 35mthgpgcu1qg68fab165klnsnk3dpvl b4um86eghhds6nea196smvmlo4ors995; 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 2t7b4g4vsa5smi47k61mv5bv1a22bojr
          B.4 wildcard           | a.z.w.example   | MX   | q04jkcevqvmu85r014c7dkba38o0ji5r r53bq7cc2uvmubfu5ocmm6pers9tk9en
          B.5 wildcard no data   | a.z.w.example   | AAAA | k8udemvp1j2f7eg6jebps17vp3n8i58h kohar7mbb8dc2ce8a9qvl8hon4k53uhi; q04jkcevqvmu85r014c7dkba38o0ji5r r53bq7cc2uvmubfu5ocmm6pers9tk9en; r53bq7cc2uvmubfu5ocmm6pers9tk9en t644ebqk9bibcna874givr6joj62mlhv
          """)
  void nsec3ShouldBeThatOfTheRfc(String what, String name, String type, String links)
      throws Exception {
    Denial denial = Denial.nsec3(12, "aabbccdd").withOptOut();
    dns.sign("example", Signing.standard().withDenial(denial)).sign("a.example");
    dns.unsignedZone("c.example");
    names();
    dns.a("2t7b4g4vsa5smi47k61mv5bv1a22bojr.example", "192.0.2.127");
    assertThat(proof(name, type)).containsExactlyInAnyOrder(links.split("; "));
  }

  private void names() {
    dns.add("ai.example. HINFO KLH-10 ITS")
        .a("ns1.example", "192.0.2.1")
        .a("ns2.example", "192.0.2.2")
        .mx("*.w.example", 1, "ai.example")
        .mx("x.w.example", 1, "xx.example")
        .mx("x.y.w.example", 1, "xx.example")
        .a("xx.example", "192.0.2.10");
  }

  /** Each link as its owner and the next, an NSEC3 by its hashes. */
  private List<String> proof(String name, String type) throws Exception {
    return new DnssecClient(dns)
        .ask(name, type, DnssecClient.DO, Flags.RD).getSection(Section.AUTHORITY).stream()
            .filter(record -> record.getType() == Type.NSEC || record.getType() == Type.NSEC3)
            .map(DenialVectorsTest::link)
            .toList();
  }

  private static String link(Record record) {
    return record instanceof NSEC3Record hashed
        ? record.getName().getLabelString(0) + " " + BASE32HEX.toString(hashed.getNext())
        : record.getName().toString(true) + " " + ((NSECRecord) record).getNext().toString(true);
  }
}
