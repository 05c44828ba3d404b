package org.jamessts.tlsrpt.document;

import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.discover.ReportEndpoint.Mailbox;

/**
 * Who reports.
 *
 * @param organizationName {@code organization-name}, for a person to read
 * @param contact {@code contact-info}: a mailbox that somebody reads; its domain is the one that
 *     submits (RFC 8460 §5.3) and must sign the mail
 */
public record Reporter(String organizationName, Mailbox contact) {

  /** {@code TLS-Report-Submitter}. */
  public DomainName domain() {
    return contact.domain();
  }
}
