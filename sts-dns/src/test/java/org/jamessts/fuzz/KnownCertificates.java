package org.jamessts.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The certificates of the corpus, for which nobody has the keys any more: a root, what it vouches
 * for directly or not, and what somebody of the same names has made.
 */
final class KnownCertificates {

  private static final Pattern ENTRY =
      Pattern.compile("# (\\S+)\\s+-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----");

  private final Map<String, X509Certificate> all = new LinkedHashMap<>();

  KnownCertificates() {
    Matcher entries = ENTRY.matcher(text());
    while (entries.find()) {
      byte[] der = Base64.getMimeDecoder().decode(entries.group(2));
      try {
        all.put(entries.group(1), parse(der));
      } catch (CertificateException e) {
        throw new IllegalStateException(entries.group(1), e);
      }
    }
  }

  private static String text() {
    try (InputStream in = KnownCertificates.class.getResourceAsStream("certificates.pem")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), US_ASCII);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a certificate as the JDK's TLS does. */
  static X509Certificate parse(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  X509Certificate get(String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  List<X509Certificate> chain(String... names) {
    return List.of(names).stream().map(this::get).toList();
  }

  /** In the order of the file. */
  List<X509Certificate> list() {
    return new ArrayList<>(all.values());
  }

  /** Whether all that is signed of a certificate is the same as in one of these. */
  boolean isOneOf(X509Certificate certificate, String... names) {
    Set<String> signed = new HashSet<>();
    for (String name : names) {
      signed.add(signed(get(name)));
    }
    return signed.contains(signed(certificate));
  }

  private static String signed(X509Certificate certificate) {
    try {
      return Base64.getEncoder().encodeToString(certificate.getTBSCertificate());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
