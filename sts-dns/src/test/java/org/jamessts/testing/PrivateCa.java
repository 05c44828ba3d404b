package org.jamessts.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** A certificate authority of one's own: a root, and leaves with chosen names, dates and flaws. */
public final class PrivateCa {

  private static final Duration LONG = Duration.ofDays(365);

  /**
   * A key and its chain, ready for a server.
   *
   * @param key the private key
   * @param chain leaf first
   */
  public record Credential(PrivateKey key, List<X509Certificate> chain) {
    public Credential {
      chain = List.copyOf(chain);
    }

    /** The leaf certificate. */
    public X509Certificate leaf() {
      return chain.get(0);
    }

    /** The same key with only the leaf, as a server sends it that lacks the rest. */
    public Credential leafOnly() {
      return new Credential(key, List.of(leaf()));
    }

    /** A server context that presents this chain to everybody. */
    public SSLContext serverContext() {
      try {
        // PKCS12 would spend more time on encrypting the key than a handshake takes.
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        store.setKeyEntry("server", key, new char[0], chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final PrivateKey key;
  private final List<X509Certificate> chain;

  private PrivateCa(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = chain;
  }

  /** A new authority with a self-signed root. */
  public static PrivateCa create(String commonName) {
    return create(new CertificateDraft().commonName(commonName).authority());
  }

  /** A new authority with a self-signed root, with the right to be one or not. */
  public static PrivateCa create(CertificateDraft draft) {
    KeyPair keys = CertificateDraft.newKeys();
    return new PrivateCa(keys.getPrivate(), List.of(draft.selfSign(keys)));
  }

  /** The same root with the same key, and another self-signed certificate. */
  public PrivateCa renewed(CertificateDraft draft) {
    KeyPair keys = new KeyPair(root().getPublicKey(), key);
    return new PrivateCa(key, List.of(draft.selfSign(keys)));
  }

  /** An intermediate authority that this one vouches for. */
  public PrivateCa intermediate(CertificateDraft draft) {
    return authority(draft.authority());
  }

  /** Whoever holds a certificate of this one, as an authority, with the right to be one or not. */
  public PrivateCa authority(CertificateDraft draft) {
    Credential signed = issue(draft);
    return new PrivateCa(signed.key(), signed.chain());
  }

  /** A server's key that signs others without the right to. */
  public PrivateCa leafAsAuthority(String dnsName) {
    return authority(new CertificateDraft().dnsNames(dnsName));
  }

  /** A self-signed server certificate whose key signs others without the right to. */
  public static PrivateCa selfSignedAsAuthority(String dnsName) {
    Credential signed = selfSigned(dnsName);
    return new PrivateCa(signed.key(), signed.chain());
  }

  /** The certificate of the authority itself: the root, unless it is an intermediate. */
  public X509Certificate root() {
    return chain.get(0);
  }

  /** A certificate of this authority for the root of another, of the same name and key. */
  public X509Certificate crossSign(PrivateCa other, CertificateDraft sameName) {
    return sameName.authority().sign(other.root().getPublicKey(), root(), key);
  }

  /** Signs whatever stands in a draft. */
  public Credential issue(CertificateDraft draft) {
    KeyPair keys = CertificateDraft.newKeys();
    List<X509Certificate> full = new ArrayList<>();
    full.add(draft.sign(keys.getPublic(), chain.get(0), key));
    full.addAll(chain);
    return new Credential(keys.getPrivate(), full);
  }

  /** A leaf valid for a year for these DNS names (wildcards and nonsense are taken as given). */
  public Credential issue(String... dnsNames) {
    Instant now = Instant.now();
    return issue(now.minus(Duration.ofDays(1)), now.plus(LONG), dnsNames);
  }

  /** A leaf that ended yesterday. */
  public Credential issueExpired(String... dnsNames) {
    Instant now = Instant.now();
    return issue(now.minus(Duration.ofDays(30)), now.minus(Duration.ofDays(1)), dnsNames);
  }

  /** A leaf with chosen dates. */
  public Credential issue(Instant notBefore, Instant notAfter, String... dnsNames) {
    return issue(new CertificateDraft().valid(notBefore, notAfter).dnsNames(dnsNames));
  }

  /** A leaf whose name stands only in the common name, as certificates had it before 2000. */
  public Credential issueCommonNameOnly(String commonName) {
    return issue(new CertificateDraft().commonName(commonName));
  }

  /** A leaf that nobody vouches for. */
  public static Credential selfSigned(String... dnsNames) {
    KeyPair keys = CertificateDraft.newKeys();
    X509Certificate leaf =
        new CertificateDraft().commonName("self-signed").dnsNames(dnsNames).selfSign(keys);
    return new Credential(keys.getPrivate(), List.of(leaf));
  }

  /** Writes the root as a PEM file. */
  public void writePem(Path file) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(root());
    }
    Files.writeString(file, text.toString());
  }
}
