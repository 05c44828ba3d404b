package org.jamessts.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of answer of signed and unsigned zones, as a validator that is not ours sees it. */
class DenialTest {

  private final PrivateDns dns = PrivateDns.start();

  @AfterEach
  void stop() {
    dns.close();
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
            records                       | a.good.test            | A      | secure NOERROR
            another type at the name      | a.good.test            | TXT    | secure NOERROR
            another type at the apex      | good.test              | TXT    | secure NOERROR
            a name between two            | b.good.test            | A      | secure NXDOMAIN
            a name after the last         | zz.good.test           | A      | secure NXDOMAIN
            a name below one with records | x.a.good.test          | A      | secure NXDOMAIN
            an empty non-terminal         | _tcp.a.good.test       | A      | secure NOERROR
            below an empty one            | _9._tcp.a.good.test    | A      | secure NXDOMAIN
            a wildcard                    | any.wild.good.test     | A      | secure NOERROR
            two labels of it              | two.any.wild.good.test | A      | secure NOERROR
            wildcard, other type          | any.wild.good.test     | TXT    | secure NOERROR
            beside the wildcard           | here.wild.good.test    | TXT    | secure NOERROR
            below that name               | x.here.wild.good.test  | A      | secure NXDOMAIN
            a wildcard alias              | any.alias.good.test    | A      | secure NOERROR
            an alias in the zone          | chain.good.test        | A      | secure NOERROR
            an alias to a signed zone     | across.good.test       | A      | secure NOERROR
            an alias to no name           | dangling.good.test     | A      | secure NXDOMAIN
            an alias to no data           | typeless.good.test     | TXT    | secure NOERROR
            an alias to unsigned          | astray.good.test       | A      | insecure NOERROR
            an alias to unsigned none     | lost.good.test         | A      | insecure NXDOMAIN
            an alias from unsigned        | back.plain.test        | A      | insecure NOERROR
            an unsigned delegation        | a.plain.test           | A      | insecure NOERROR
            no name in it                 | b.plain.test           | A      | insecure NXDOMAIN
            no data in it                 | plain.test             | TXT    | insecure NOERROR
            signed without a DS           | a.island.test          | A      | insecure NOERROR
            signed below unsigned         | a.isle.plain.test      | A      | insecure NOERROR
            a zone two labels below       | a.deep.er.good.test    | A      | secure NOERROR
            the zone between              | er.good.test           | A      | secure NOERROR
            the DS of a zone              | good.test              | DS     | secure NOERROR
            no DS at a delegation         | plain.test             | DS     | secure NOERROR
            no DS where no zone begins    | a.good.test            | DS     | secure NOERROR
            the keys                      | good.test              | DNSKEY | secure NOERROR
            the name servers of the child | good.test              | NS     | secure NOERROR
            the start of authority        | good.test              | SOA    | secure NOERROR
            in other letters              | A.GOOD.test            | A      | secure NOERROR
            no name below the root        | none                   | A      | secure NXDOMAIN
            a name of the root, no data   | test                   | A      | secure NOERROR
          """)
  void answerShouldBeProven(String what, String name, String type, String expected)
      throws Exception {
    assertThat(validate(Denial.NSEC, name, type)).as(what + ", NSEC").isEqualTo(expected);
    assertThat(validate(Denial.NSEC3, name, type)).as(what + ", NSEC3").isEqualTo(expected);
    assertThat(validate(Denial.nsec3(2, "aabbccdd"), name, type))
        .as(what + ", NSEC3 with iterations and salt")
        .isEqualTo(expected);
  }

  private String validate(Denial denial, String name, String type) throws Exception {
    SignedWorld.populate(dns, denial);
    return new DnssecClient(dns).validate(name, type);
  }
}
