package org.jamessts.x509;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The roots that this server trusts. Read once at start, immutable.
 *
 * @param anchors the roots
 */
public record TrustAnchors(Set<TrustAnchor> anchors) {

  public TrustAnchors {
    anchors = Set.copyOf(anchors);
  }

  /** The roots that the JVM trusts ({@code cacerts}, or {@code javax.net.ssl.trustStore}). */
  public static TrustAnchors ofJvm() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      List<X509Certificate> roots = new ArrayList<>();
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          Collections.addAll(roots, x509.getAcceptedIssuers());
        }
      }
      return of(roots);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JVM's trust store cannot be read", e);
    }
  }

  /** Trusts these roots and no others. */
  public static TrustAnchors of(Collection<X509Certificate> roots) {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate root : roots) {
      anchors.add(new TrustAnchor(root, null));
    }
    return new TrustAnchors(anchors);
  }

  /**
   * Reads a PKCS12 or JKS key store, or a bundle of PEM certificates.
   *
   * @param file the file
   * @param password of the key store; empty where it has none, and for PEM
   * @return its certificates as roots, at least one
   * @throws IOException when the file cannot be read or holds no certificate: the message says why
   */
  public static TrustAnchors read(Path file, String password) throws IOException {
    List<X509Certificate> roots = looksLikePem(file) ? readPem(file) : readStore(file, password);
    if (roots.isEmpty()) {
      throw new IOException("it holds no certificate");
    }
    return of(roots);
  }

  private static boolean looksLikePem(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      int first = in.read();
      // PKCS12 is DER (0x30), JKS begins with 0xFEED; a PEM bundle is printable ASCII.
      return first != 0x30 && first >= '\t' && first < 0x7f;
    }
  }

  private static List<X509Certificate> readPem(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      List<X509Certificate> roots = new ArrayList<>();
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        roots.add((X509Certificate) certificate);
      }
      return roots;
    } catch (CertificateException e) {
      throw new IOException("it is not a bundle of PEM certificates: " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> readStore(Path file, String password) throws IOException {
    try {
      KeyStore store =
          KeyStore.getInstance(
              file.toFile(), password.isEmpty() ? new char[0] : password.toCharArray());
      List<X509Certificate> roots = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.getCertificate(alias) instanceof X509Certificate certificate) {
          roots.add(certificate);
        }
      }
      return roots;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "it is neither PEM nor a PKCS12 or JKS key store: " + e.getMessage(), e);
    }
  }
}
