package org.jamessts.demo;

import static org.jamessts.demo.Scenario.Fate.NOTHING;
import static org.jamessts.demo.Scenario.Fate.TLS;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jamessts.demo.Scenario.SetUp;
import org.jamessts.testing.DnssecFault;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;

/**
 * The domains of the demo whose hosts have TLSA records (RFC 7672). What is below {@code example}
 * is signed from the root, what is below {@code test} is not.
 */
final class DaneScenarios {

  private static final String DANE_EE = "3 1 1 ";
  private static final String DANE_TA = "2 1 1 ";

  /** PKIX-EE, which SMTP cannot use (RFC 7672 §3.1.3). */
  private static final String PKIX_EE = "1 1 1 ";

  /** What DANE-EE does not mind: expired, for another name, signed by nobody. */
  private static final PrivateCa.Credential ODD =
      PrivateCa.create("Nobody").issueExpired("x.invalid");

  /** Its key is held by none of the hosts. */
  private static final X509Certificate FOREIGN = PrivateCa.selfSigned("other.invalid").leaf();

  private DaneScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario("dane.example", "TLSA 3 1 1", "its key", TLS, keyed("dane.example")),
        new Scenario(
            "dane-expired.example",
            "TLSA 3 1 1",
            "its key, expired, for another name",
            TLS,
            odd("dane-expired.example", DANE_EE, ODD.leaf())),
        new Scenario(
            "dane-other-key.example",
            "TLSA 3 1 1",
            "valid certificate, another key",
            NOTHING,
            net -> good(net, "dane-other-key.example", DANE_EE, FOREIGN)),
        new Scenario(
            "dane-authority.example",
            "TLSA 2 1 1",
            "certificate of that authority",
            TLS,
            net -> good(net, "dane-authority.example", DANE_TA, net.ca().root())),
        new Scenario(
            "dane-wrong-name.example",
            "TLSA 2 1 1",
            "of that authority, for another host",
            NOTHING,
            net -> wrongName(net, "dane-wrong-name.example")),
        new Scenario(
            "dane-bogus.example",
            "TLSA 3 1 1",
            "its key; the signature is broken",
            NOTHING,
            net -> bogus(net, "dane-bogus.example")),
        new Scenario(
            "dane-unusable.example",
            "TLSA 1 1 1, which SMTP cannot use",
            "expired, for another name",
            TLS,
            odd("dane-unusable.example", PKIX_EE, FOREIGN)),
        new Scenario(
            "dane-unsigned.test",
            "MX not signed, TLSA 3 1 1",
            "the host is signed; another key",
            TLS,
            DaneScenarios::unsignedMx),
        new Scenario(
            "dane-alias.example",
            "TLSA 3 1 1 where its alias leads",
            "the MX is an alias; the key of its target",
            TLS,
            DaneScenarios::alias),
        new Scenario(
            "dane-fails.example",
            "TLSA 3 1 1, and enforce",
            "valid certificate, another key",
            NOTHING,
            net -> {
              net.policy("dane-fails.example", "enforce", "mx.dane-fails.example");
              good(net, "dane-fails.example", DANE_EE, FOREIGN);
            }),
        new Scenario(
            "mta-sts-fails.example",
            "TLSA 3 1 1, and enforce",
            "its key, expired, for another name",
            NOTHING,
            net -> {
              net.policy("mta-sts-fails.example", "enforce", "mx.mta-sts-fails.example");
              odd("mta-sts-fails.example", DANE_EE, ODD.leaf()).make(net);
            }),
        new Scenario(
            "draft-dane.example",
            "draft, to=true, a=dnssec, c=tlsa",
            "TLSA taken away since an earlier mail",
            NOTHING,
            DaneScenarios::draft,
            Optional.of(net -> net.dns().remove(tlsaName(net, "mx.draft-dane.example")))));
  }

  private static SetUp keyed(String domain) {
    return net -> {
      PrivateCa.Credential credential = net.ca().issue(mx(domain));
      net.mx(domain, 10, mx(domain), credential);
      tlsa(net, mx(domain), DANE_EE, credential.leaf());
    };
  }

  /** A host whose certificate no authority would vouch for. */
  private static SetUp odd(String domain, String parameters, X509Certificate promised) {
    return net -> {
      net.mx(domain, 10, mx(domain), ODD);
      tlsa(net, mx(domain), parameters, promised);
    };
  }

  /** A host with a valid certificate. */
  private static void good(
      PrivateInternet net, String domain, String parameters, X509Certificate promised) {
    net.goodMx(domain, 10, mx(domain));
    tlsa(net, mx(domain), parameters, promised);
  }

  private static void wrongName(PrivateInternet net, String domain) {
    net.mx(domain, 10, mx(domain), net.ca().issue("mx.other.example"));
    tlsa(net, mx(domain), DANE_TA, net.ca().root());
  }

  private static void bogus(PrivateInternet net, String domain) {
    keyed(domain).make(net);
    net.dns().fault(tlsaName(net, mx(domain)), "TLSA", DnssecFault.CORRUPT_SIGNATURES);
  }

  // RFC 7672 §2.2.1: whoever forges the MX records chooses the host, so its records prove nothing.
  private static void unsignedMx(PrivateInternet net) {
    net.goodMx("dane-unsigned.test", 10, "mx.dane-unsigned.example");
    tlsa(net, "mx.dane-unsigned.example", DANE_EE, FOREIGN);
  }

  // RFC 7672 §2.2.2: the records of the expanded name go first.
  private static void alias(PrivateInternet net) {
    odd("provider.example", DANE_EE, ODD.leaf()).make(net);
    net.dns().mx("dane-alias.example", 10, mx("dane-alias.example"));
    net.dns().cname(mx("dane-alias.example"), mx("provider.example"));
  }

  /** Authenticated by DNSSEC alone, and enforced once TLSA records were matched. */
  private static void draft(PrivateInternet net) {
    String domain = "draft-dane.example";
    keyed(domain).make(net);
    net.dns()
        .txt(
            "_smtp_sts." + domain,
            "v=STS1; to=true; mx=%s; a=dnssec; c=tlsa; e=86400".formatted(mx(domain)));
  }

  private static String mx(String domain) {
    return "mx." + domain;
  }

  private static String tlsaName(PrivateInternet net, String host) {
    return "_" + net.smtpPort() + "._tcp." + host;
  }

  /** Publishes the key of a certificate; for a second, so that it can be taken away. */
  private static void tlsa(
      PrivateInternet net, String host, String parameters, X509Certificate certificate) {
    net.dns()
        .add(
            "%s. 1 IN TLSA %s%s"
                .formatted(
                    tlsaName(net, host),
                    parameters,
                    sha256(certificate.getPublicKey().getEncoded())));
  }

  private static String sha256(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
