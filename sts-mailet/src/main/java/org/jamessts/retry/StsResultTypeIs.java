package org.jamessts.retry;

import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;
import org.jamessts.tlsrpt.ResultType;

/**
 * Matches all recipients of a mail whose last attempt failed with one of the result types of RFC
 * 8460 §4.3: {@code StsResultTypeIs=certificate-expired, tlsa-invalid}.
 */
public final class StsResultTypeIs extends GenericMatcher {

  private static final Splitter LIST = Splitter.on(',').trimResults().omitEmptyStrings();

  private Set<String> wanted = Set.of();

  /**
   * Reads the condition.
   *
   * @throws MessagingException for a word that is no result type
   */
  @Override
  public void init() throws MessagingException {
    Set<String> known =
        Arrays.stream(ResultType.values()).map(ResultType::keyword).collect(Collectors.toSet());
    wanted = Set.copyOf(LIST.splitToList(Strings.nullToEmpty(getCondition())));
    if (wanted.isEmpty() || !known.containsAll(wanted)) {
      throw new MessagingException(
          "mailetcontainer.xml, StsResultTypeIs: \"%s\" is not allowed; allowed is a list of %s"
              .formatted(
                  Strings.nullToEmpty(getCondition()),
                  known.stream().sorted().collect(Collectors.joining(", "))));
    }
  }

  @Override
  public Collection<MailAddress> match(Mail mail) {
    return StsAttributes.get(mail, StsAttributes.RESULT_TYPE).filter(wanted::contains).isPresent()
        ? mail.getRecipients()
        : List.of();
  }
}
