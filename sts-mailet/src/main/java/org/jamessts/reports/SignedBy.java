package org.jamessts.reports;

import java.util.ArrayList;
import java.util.List;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.FailException;
import org.apache.james.jdkim.exceptions.TempFailException;
import org.apache.james.jdkim.mailets.DKIMVerifier;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.dns.Resolver;

/** Who vouches for a mail by DKIM (RFC 6376), as James's own library sees it. */
sealed interface SignedBy {

  /**
   * These domains do, for the whole of it.
   *
   * @param domains at least one
   */
  record Domains(List<DomainName> domains) implements SignedBy {
    public Domains {
      domains = List.copyOf(domains);
    }

    /** Whether one of them is the domain, or is above it. */
    boolean covers(DomainName domain) {
      return domains.stream()
          .anyMatch(
              signer -> signer.equals(domain) || domain.value().endsWith("." + signer.value()));
    }
  }

  /**
   * Nobody does.
   *
   * @param reason for a person to read
   */
  record Nobody(String reason) implements SignedBy {}

  /**
   * Nobody can tell now, since the DNS fails.
   *
   * @param reason for a person to read
   */
  record Unclear(String reason) implements SignedBy {}

  /**
   * Verifies the signatures of a mail. One that covers only the beginning of the content ({@code
   * l=}) does not count (RFC 8460 §3).
   */
  static SignedBy of(MimeMessage message, Resolver resolver) throws MessagingException {
    try {
      List<SignatureRecord> signatures =
          new DKIMVerifier(new DkimKeys(resolver)).verify(message, /* forceCRLF= */ true);
      List<DomainName> domains = new ArrayList<>();
      for (SignatureRecord signature :
          signatures == null ? List.<SignatureRecord>of() : signatures) {
        if (signature.getBodyHashLimit() < 0) {
          domains.add(DomainName.parse(signature.getDToken().toString()));
        }
      }
      return domains.isEmpty()
          ? new Nobody("it has no DKIM signature over the whole of it")
          : new Domains(domains);
    } catch (TempFailException e) {
      return new Unclear(String.valueOf(e.getMessage()));
    } catch (FailException | InvalidDomainNameException | RuntimeException e) {
      // A library that stumbles over a stranger's signature has not verified it.
      return new Nobody("its DKIM signature is not valid: " + e.getMessage());
    }
  }
}
