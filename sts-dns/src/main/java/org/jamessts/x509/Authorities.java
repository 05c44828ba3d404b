package org.jamessts.x509;

import java.security.cert.CertPathValidatorException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Authorities of which any one suffices. To the JDK's path builder they are names and keys: it
 * looks at nothing else in the certificate of an anchor, not even at its dates.
 *
 * @param all at least one
 */
record Authorities(List<Authority> all) implements Destination {

  @Override
  public Set<TrustAnchor> anchors() {
    return all.stream().map(Authority::anchor).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public List<X509Certificate> certificates() {
    return all.stream().flatMap(authority -> authority.certificate().stream()).toList();
  }

  @Override
  public List<X509Certificate> end(List<X509Certificate> path, Instant moment)
      throws CertPathValidatorException {
    String objection = "no trust anchor has signed it";
    // Several may have one key: an authority whose certificate was renewed, or is constrained anew.
    X509Certificate last = path.get(path.size() - 1);
    for (Authority authority : all) {
      if (authority.hasSigned(last)) {
        Optional<String> found = authority.objection(path, moment);
        if (found.isEmpty()) {
          return authority.certificate().stream().toList();
        }
        objection = found.get();
      }
    }
    throw new CertPathValidatorException(objection);
  }

  @Override
  public String toString() {
    return "the trust anchor that TLSA records name";
  }
}
