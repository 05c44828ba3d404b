package org.jamessts.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.OverrideChange;
import org.jamessts.override.OverrideParse;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A signed domain with hosts that have TLSA records, and others of which nothing is proven. */
abstract class DaneWorld {

  static final String DOMAIN = "good.example";
  static final String MX = "mx.good.example";
  static final String BACKUP = "backup.good.example";

  /** A zone of its own, signed too. */
  static final String PROVIDER = "provider.example";

  static final String REAL = "real.provider.example";

  /** A zone that is not signed. */
  static final String PLAIN = "plain.test";

  static final String PLAIN_MX = "mx.plain.test";

  /** What DANE-EE does not mind: expired, for another name, signed by nobody. */
  static final PrivateCa.Credential ODD = PrivateCa.create("Nobody").issueExpired("x.invalid");

  static final PrivateCa.Credential OTHER = PrivateCa.selfSigned(MX);

  final DeliveryWorld world = new DeliveryWorld();
  final PrivateInternet net = world.internet;

  @BeforeEach
  void sign() {
    net.dns().sign(DOMAIN).sign(PROVIDER).unsignedZone(PLAIN);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  DeliveryReport deliver() {
    return world.delivery().deliver(world.mailTo(DOMAIN));
  }

  List<ReceivedMail> received() {
    return net.receivedFor("bob@" + DOMAIN);
  }

  String how() {
    return how(DOMAIN);
  }

  String how(String domain) {
    return world.delivery().deliver(world.mailTo(domain)).delivered().get(0).how();
  }

  /** The name that the server of the first mail was called by in TLS. */
  String serverName() {
    return received().get(0).tls().orElseThrow().serverName().orElseThrow();
  }

  void assertHeldBack(DeliveryReport report, String code, String... words) {
    assertThat(received()).isEmpty();
    DeliveryWorld.assertDeferred(report, code, words);
  }

  String tlsaName(String base) {
    return "_" + net.smtpPort() + "._tcp." + base;
  }

  /** Publishes a record of a host. */
  void tlsa(String base, String record) {
    net.dns().add(tlsaName(base) + ". 60 IN TLSA " + record);
  }

  /** The same key, whatever certificate holds it: {@code 3 1 1}. */
  static String key(X509Certificate certificate) {
    return "3 1 1 " + digest(certificate.getPublicKey().getEncoded());
  }

  /** Whatever the authority of this Internet has issued: {@code 2 0 1}. */
  String authority() {
    try {
      return "2 0 1 " + digest(net.ca().root().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String digest(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The domain has one host with this certificate and this record. */
  void signed(PrivateCa.Credential credential, String record) {
    net.mx(DOMAIN, 10, MX, credential);
    tlsa(MX, record);
  }

  /** Nobody can tell whether a host has records. */
  void failing(String host) {
    net.dns().fault(tlsaName(host), "TLSA", DnsFault.SERVFAIL);
  }

  /** The operator demands DANE. */
  void demand(String domain) {
    String json = "{\"domain\": \"%s\", \"minimum\": \"dane\"}".formatted(domain);
    DomainOverride override =
        ((OverrideParse.Parsed) DomainOverride.parse(json.getBytes(UTF_8))).override();
    assertThat(world.overrides.put(override, "test")).isInstanceOf(OverrideChange.Done.class);
  }
}
