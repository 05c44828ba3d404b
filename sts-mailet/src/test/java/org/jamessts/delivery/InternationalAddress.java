package org.jamessts.delivery;

import javax.mail.internet.AddressException;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;

/**
 * An address with U-labels. The addresses of James 3.8.1 refuse them, though its domains do not;
 * this is one as a James that takes them would hand it to a mailet.
 */
final class InternationalAddress extends MailAddress {

  private static final long serialVersionUID = 1L;

  private final String localPart;
  private final Domain domain;

  private InternationalAddress(String localPart, String domain) throws AddressException {
    super("somebody@somewhere.test");
    this.localPart = localPart;
    this.domain = Domain.of(domain);
  }

  static MailAddress of(String text) throws AddressException {
    int at = text.lastIndexOf('@');
    return new InternationalAddress(text.substring(0, at), text.substring(at + 1));
  }

  @Override
  public String getLocalPart() {
    return localPart;
  }

  @Override
  public Domain getDomain() {
    return domain;
  }

  @Override
  public String asString() {
    return localPart + "@" + domain.asString();
  }

  @Override
  public String toString() {
    return asString();
  }
}
