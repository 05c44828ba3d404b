package org.jamessts.retry;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;

/**
 * Matches all recipients of a mail that waits because its destination breaks what DANE, a policy or
 * the operator demands of it, rather than for any other trouble.
 */
public final class IsDeferredForSts extends GenericMatcher {

  /** The verdicts on such mail. */
  private static final Set<String> HELD =
      Set.of(StsAttributes.BY_POLICY, StsAttributes.BY_OPERATOR);

  @Override
  public Collection<MailAddress> match(Mail mail) {
    boolean waits = Waiting.nextAttempt(mail).isPresent();
    boolean held =
        StsAttributes.get(mail, StsAttributes.VERDICT).filter(HELD::contains).isPresent();
    return waits && held ? mail.getRecipients() : List.of();
  }
}
