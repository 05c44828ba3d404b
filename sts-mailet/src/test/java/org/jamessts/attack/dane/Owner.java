package org.jamessts.attack.dane;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jamessts.attack.dane.Certificates.Owned;
import org.jamessts.testing.KeyAlgorithm;
import org.jamessts.testing.PrivateCa.Credential;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.Signing;
import org.jamessts.testing.ZoneKey;

/**
 * The honest owner of the domain, its hosts and all zones that are signed, who changes certificates
 * and keys as he should (RFC 7671 §8.1, RFC 6781 §4.1): what is new is published before it is used,
 * and what is old is withdrawn when nobody needs it any more.
 */
final class Owner {

  /** After so long everybody has what was published, and has forgotten what was before. */
  static final Duration SPREADING = Duration.ofHours(2);

  private static final Duration LIFE = Duration.ofDays(1);
  private static final int GENERATIONS = 3;

  /** Those that have data of his. */
  private static final List<String> ZONES =
      List.of("good.example", "provider.example", "_tcp.cut.good.example");

  final Layout layout;
  final boolean hasBackup;

  private final Form form;
  private Owned primary;
  private Owned backup;
  private final List<Integer> published = new ArrayList<>(List.of(0));
  private final List<Integer> keys = new ArrayList<>(List.of(1));
  private boolean silent;
  private Instant until = Instant.MIN;

  Owner(Layout layout, boolean hasBackup, Form form, boolean sts) {
    this.layout = layout;
    this.hasBackup = hasBackup;
    this.form = form;
    this.primary = new Owned(Server.PRIMARY, form.isTrustAnchor(), sts, 0);
    this.backup = new Owned(Server.BACKUP, form.isTrustAnchor(), sts, 0);
  }

  /** The certificate that a host presents now. */
  Owned certificate(Server server) {
    return server == Server.BACKUP ? backup : primary;
  }

  /** Until when the signatures hold that are in the zones now. */
  Instant signedUntil() {
    return until;
  }

  /** Whether the host must get the mail, if nobody is in the way. */
  boolean expectsMail(boolean mandatory) {
    return !mandatory || (!silent && form != Form.UNUSABLE && !layout.provenBases().isEmpty());
  }

  boolean mayChangeCertificates() {
    return !silent && (published.size() > 1 || primary.generation() < GENERATIONS - 1);
  }

  /** One step further in the change of all certificates. */
  String changeCertificates() {
    int newest = published.get(published.size() - 1);
    if (published.size() == 1) {
      published.add(newest + 1);
      return "records for the next are published";
    }
    if (primary.generation() < newest) {
      primary = primary.ofGeneration(newest);
      backup = backup.ofGeneration(newest);
      return "the next are in use";
    }
    published.remove(0);
    return "records for the last are withdrawn";
  }

  /** One step further in the change of the keys of all zones. */
  String changeKeys() {
    if (keys.size() == 1) {
      keys.add(keys.get(0) + 1);
    } else {
      keys.remove(0);
    }
    return "signed with " + keys;
  }

  /** Whether there once were other keys in the zones. */
  boolean hasChangedKeys() {
    return keys.size() > 1 || keys.get(0) > 1;
  }

  /** Withdraws all TLSA records, or publishes them again. */
  String toggleRecords() {
    silent = !silent;
    return silent ? "gone" : "back";
  }

  /**
   * Signs all zones anew, with what stands in them now.
   *
   * @return what is promised, by base domain
   */
  Map<String, Promise> publish(PrivateDns dns, int port, Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    until = second.plus(LIFE);
    ZoneKey[] chosen =
        keys.stream()
            .map(number -> ZoneKey.csk(KeyAlgorithm.RSASHA256_FIXED).number(number))
            .toArray(ZoneKey[]::new);
    Signing signing = Signing.standard().withKeys(chosen).valid(second.minus(SPREADING), until);
    ZONES.forEach(zone -> dns.sign(zone, signing));
    Map<String, Promise> promises = new HashMap<>();
    promise(dns, port, layout.base(), primary, promises);
    if (hasBackup) {
      promise(dns, port, Model.BACKUP, backup, promises);
    }
    return promises;
  }

  private void promise(
      PrivateDns dns, int port, String base, Owned owned, Map<String, Promise> promises) {
    String name = Attacker.tlsaName(base, port);
    dns.remove(name, "TLSA");
    if (silent) {
      return;
    }
    Set<X509Certificate> certificates = new HashSet<>();
    for (int generation : published) {
      Credential credential = Certificates.of(owned.ofGeneration(generation));
      dns.add(name + ". TLSA " + form.record(credential));
      certificates.add(credential.leaf());
    }
    promises.put(base, form == Form.UNUSABLE ? Promise.TLS : Promise.of(certificates));
  }
}
