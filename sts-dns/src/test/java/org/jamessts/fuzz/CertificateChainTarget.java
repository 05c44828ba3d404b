package org.jamessts.fuzz;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jamessts.dane.DaneCertificates;
import org.jamessts.dane.TlsaSet;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guards;
import org.jamessts.x509.CertificateFacts;
import org.jamessts.x509.CertificateFacts.Finding;
import org.jamessts.x509.CertificateFacts.Trusted;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;

/**
 * What a server presents, judged by a root (RFC 5280 §6) and by TLSA records (RFC 7671 §5): nobody
 * passes but those for whom the root, an authority or the records vouch.
 *
 * <p>In an input, an octet chooses each certificate: one of {@link KnownCertificates}; from 0x40 on
 * the same with some octets changed, of which each takes two octets of place and one of change, and
 * one before tells their number; from 0x80 on the octets that follow, with two of length.
 */
public final class CertificateChainTarget {

  private static final int MOST_CERTIFICATES = 16;

  private static final DomainName HOST = new DomainName("mx.good.test");
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final KnownCertificates KNOWN = new KnownCertificates();
  private static final List<X509Certificate> POOL = KNOWN.list();
  private static final PathBuilder ROOT =
      new PathBuilder(TrustAnchors.of(KNOWN.chain("root")), Clock.fixed(NOW, ZoneOffset.UTC));
  private static final DaneCertificates DANE = new DaneCertificates(false, Guards.ALL);

  private static final TlsaSet LEAF_KEY = set(3, 1, 1, digest(key("leaf")));
  private static final TlsaSet LEAF = set(3, 0, 1, digest(encoded("leaf")));
  private static final TlsaSet INTERMEDIATE_KEY = set(2, 1, 1, digest(key("intermediate")));
  private static final TlsaSet ROOT_DIGEST = set(2, 0, 1, digest(encoded("root")));
  private static final TlsaSet WHOLE_ROOT = set(2, 0, 0, encoded("root"));
  private static final TlsaSet WHOLE_ROOT_KEY = set(2, 1, 0, key("root"));

  private CertificateChainTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
  }

  static boolean reads(byte[] input) {
    List<X509Certificate> chain;
    try {
      chain = chain(input);
    } catch (CertificateException e) {
      return false;
    }
    if (chain.isEmpty()) {
      return false;
    }
    boolean[] accepted = new boolean[1];
    Texts.inTime(() -> accepted[0] = isAccepted(chain));
    return accepted[0];
  }

  private static List<X509Certificate> chain(byte[] input) throws CertificateException {
    List<X509Certificate> chain = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(input);
    while (in.hasRemaining() && chain.size() < MOST_CERTIFICATES) {
      int head = in.get() & 0xff;
      X509Certificate known = POOL.get((head & 0x3f) % POOL.size());
      if (head < 0x40) {
        chain.add(known);
      } else if (head < 0x80) {
        chain.add(KnownCertificates.parse(changed(known.getEncoded(), in)));
      } else {
        int length = in.remaining() < 2 ? 0 : in.getShort() & 0xffff;
        byte[] der = new byte[Math.min(length, in.remaining())];
        in.get(der);
        chain.add(KnownCertificates.parse(der));
      }
    }
    return chain;
  }

  private static byte[] changed(byte[] der, ByteBuffer in) {
    int changes = in.hasRemaining() ? in.get() & 7 : 0;
    for (int i = 0; i < changes && in.remaining() >= 3; i++) {
      int place = (in.getShort() & 0xffff) % der.length;
      der[place] ^= in.get();
    }
    return der;
  }

  private static boolean isAccepted(List<X509Certificate> chain) {
    CertificateFacts facts = ROOT.facts(chain);
    boolean trusted = facts.path() instanceof Trusted;
    boolean good = isGood(facts.faultFor(HOST, NOW).stream().toList());
    X509Certificate leaf = chain.get(0);
    if (trusted) {
      Claims.that(
          KNOWN.isOneOf(
              leaf,
              "leaf",
              "leaf-of-root",
              "leaf-of-another-name",
              "expired-leaf",
              "intermediate",
              "root",
              "renewed-root"),
          () -> "the root vouches not for this: " + leaf);
    }
    if (good) {
      Claims.that(trusted && isServer(leaf), () -> "not the host's: " + leaf);
    }
    boolean endEntity = isEndEntity(facts);
    boolean proven = isBelowAnchor(facts) || endEntity;
    if (chain.equals(KNOWN.chain("leaf", "intermediate", "root"))) {
      Claims.that(good && proven, () -> "the true chain is refused");
    }
    return good || proven;
  }

  /** Its name, its dates and its purpose are right, and the root vouches for it. */
  private static boolean isServer(X509Certificate leaf) {
    return KNOWN.isOneOf(leaf, "leaf", "leaf-of-root");
  }

  private static boolean isEndEntity(CertificateFacts facts) {
    X509Certificate leaf = facts.chain().get(0);
    boolean byKey = satisfies(LEAF_KEY, facts);
    boolean whole = satisfies(LEAF, facts);
    Claims.that(!byKey || hasKey(leaf, "leaf"), () -> "another key: " + leaf);
    Claims.that(whole == leaf.equals(KNOWN.get("leaf")), () -> "another certificate: " + leaf);
    Claims.that(byKey || !whole, () -> "its key is another: " + leaf);
    return byKey;
  }

  private static boolean isBelowAnchor(CertificateFacts facts) {
    List<X509Certificate> chain = facts.chain();
    X509Certificate leaf = chain.get(0);
    List<X509Certificate> above = chain.subList(1, chain.size());
    boolean byKey = satisfies(INTERMEDIATE_KEY, facts);
    boolean byDigest = satisfies(ROOT_DIGEST, facts);
    boolean byWhole = satisfies(WHOLE_ROOT, facts);
    boolean byWholeKey = satisfies(WHOLE_ROOT_KEY, facts);
    Claims.that(
        !byKey
            || (KNOWN.isOneOf(leaf, "leaf")
                && above.stream().anyMatch(authority -> hasKey(authority, "intermediate"))),
        () -> "the intermediate authority does not vouch for " + leaf);
    Claims.that(
        !byDigest || (isServer(leaf) && above.contains(KNOWN.get("root"))),
        () -> "the root is not presented, or does not vouch for " + leaf);
    Claims.that(
        !(byWhole || byWholeKey) || isServer(leaf), () -> "the root does not vouch for " + leaf);
    return byKey || byDigest || byWhole || byWholeKey;
  }

  private static boolean satisfies(TlsaSet records, CertificateFacts facts) {
    return isGood(DANE.faults(records, facts, Set.of(HOST), NOW));
  }

  private static boolean isGood(List<Finding> findings) {
    findings.forEach(finding -> Claims.isReason(finding.explanation()));
    return findings.isEmpty();
  }

  private static boolean hasKey(X509Certificate certificate, String name) {
    return certificate.getPublicKey().equals(KNOWN.get(name).getPublicKey());
  }

  private static TlsaSet set(int usage, int selector, int matchingType, byte[] data) {
    return new TlsaSet(HOST, List.of(new TlsaRecord(usage, selector, matchingType, data)));
  }

  private static byte[] key(String name) {
    return KNOWN.get(name).getPublicKey().getEncoded();
  }

  private static byte[] encoded(String name) {
    try {
      return KNOWN.get(name).getEncoded();
    } catch (CertificateException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static byte[] digest(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
