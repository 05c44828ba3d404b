package org.jamessts.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueueName;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMatcherConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchersTest {

  private static Mail mail(String verdict, String resultType) throws MessagingException {
    Mail mail = FakeMail.builder().name("m").recipients("a@b.test", "c@b.test").build();
    StsAttributes.set(mail, StsAttributes.VERDICT, Optional.of(verdict));
    StsAttributes.set(
        mail, StsAttributes.RESULT_TYPE, Optional.of(resultType).filter(type -> !type.isEmpty()));
    return mail;
  }

  private static Mail waiting(Mail mail) {
    new Waiting(MailQueueName.of("outgoing"), "b.test", Instant.EPOCH).writeTo(mail);
    return mail;
  }

  private static GenericMatcher matcher(GenericMatcher matcher, String condition)
      throws MessagingException {
    matcher.init(FakeMatcherConfig.builder().matcherName("matcher").condition(condition).build());
    return matcher;
  }

  @Test
  void isDeferredForStsShouldMatchWhatAPolicyHoldsBackAndWaits() throws Exception {
    GenericMatcher matcher = matcher(new IsDeferredForSts(), "");

    assertThat(matcher.match(waiting(mail("policy", "tlsa-invalid")))).hasSize(2);
    assertThat(matcher.match(waiting(mail("operator", "starttls-not-supported")))).hasSize(2);
    assertThat(matcher.match(waiting(mail("reply", "")))).isEmpty();
    assertThat(matcher.match(mail("policy", "tlsa-invalid"))).as("given up").isEmpty();
    assertThat(matcher.match(FakeMail.builder().name("new").recipient("a@b.test").build()))
        .isEmpty();
  }

  @ParameterizedTest(name = "{0} against {1}")
  @CsvSource({
    "certificate-expired, certificate-expired, true",
    "'tlsa-invalid, certificate-expired', certificate-expired, true",
    "tlsa-invalid, certificate-expired, false",
    "tlsa-invalid, '', false",
  })
  void stsResultTypeIsShouldMatchItsTypes(String condition, String type, boolean matches)
      throws Exception {
    assertThat(matcher(new StsResultTypeIs(), condition).match(mail("policy", type)))
        .hasSize(matches ? 2 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "expired", "certificate-expired, expired", "certificate_expired"})
  void stsResultTypeIsShouldStopTheStartForWhatIsNoType(String condition) {
    assertThatThrownBy(() -> matcher(new StsResultTypeIs(), condition))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("\"" + condition + "\" is not allowed")
        .hasMessageContaining("certificate-expired, certificate-host-mismatch");
  }
}
