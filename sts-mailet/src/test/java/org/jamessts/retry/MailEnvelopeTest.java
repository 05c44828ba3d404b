package org.jamessts.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailEnvelopeTest {

  private static final Instant UPDATED = Instant.ofEpochSecond(1_234);

  private static MailImpl same(Mail mail) throws Exception {
    return MailEnvelope.decode(MailEnvelope.encode(mail));
  }

  private static MailImpl.Builder mail() throws Exception {
    return MailImpl.builder().name("mail-1-to-a.test").sender("alice@ours.test");
  }

  @Test
  void mailShouldComeBackWithAllThatItHas() throws Exception {
    MailAddress bob = new MailAddress("bob@a.test");
    Mail mail =
        mail()
            .addRecipients("bob@a.test", "\"carol c\"@a.test")
            .errorMessage("why")
            .remoteHost("client.test")
            .remoteAddr("192.0.2.1")
            .lastUpdated(Date.from(UPDATED))
            .addHeaderForRecipient(
                Header.builder().name("X-For").value("bob, na\u00efvely").build(), bob)
            .addAttribute(new Attribute(AttributeName.of("text"), AttributeValue.of("\u2603 \"\n")))
            .addAttribute(new Attribute(AttributeName.of("number"), AttributeValue.of(7)))
            .addAttribute(new Attribute(AttributeName.of("flag"), AttributeValue.of(true)))
            .addAttribute(
                new Attribute(
                    AttributeName.of("map"),
                    AttributeValue.of(Map.of("key", AttributeValue.of(7L)))))
            .addAttribute(
                new Attribute(
                    AttributeName.of("list"),
                    AttributeValue.of(List.of(AttributeValue.of("one"), AttributeValue.of(2)))))
            .build();

    MailImpl same = same(mail);

    assertThat(same.getName()).isEqualTo(mail.getName());
    assertThat(same.getMaybeSender()).isEqualTo(mail.getMaybeSender());
    assertThat(same.getRecipients()).containsExactlyElementsOf(mail.getRecipients());
    assertThat(same.getState()).isEqualTo(Mail.ERROR);
    assertThat(same.getErrorMessage()).isEqualTo("why");
    assertThat(same.getRemoteHost()).isEqualTo("client.test");
    assertThat(same.getRemoteAddr()).isEqualTo("192.0.2.1");
    assertThat(same.getLastUpdated().toInstant()).isEqualTo(UPDATED);
    assertThat(same.getPerRecipientSpecificHeaders())
        .isEqualTo(mail.getPerRecipientSpecificHeaders());
    assertThat(same.attributesMap()).isEqualTo(mail.attributesMap());
  }

  @Test
  void parametersOfDeliveryStatusNotificationsShouldComeBack() throws Exception {
    Mail mail = mail().addRecipient("bob@a.test").build();
    DsnParameters asked =
        DsnParameters.builder()
            .envId(DsnParameters.EnvId.of("QQ314159"))
            .ret(DsnParameters.Ret.HDRS)
            .addRcptParameter(
                new MailAddress("bob@a.test"),
                RecipientDsnParameters.of(new MailAddress("orig@a.test")))
            .build()
            .orElseThrow();
    mail.setDsnParameters(asked);

    assertThat(same(mail).dsnParameters()).contains(asked);
  }

  @Test
  void bounceShouldComeBackWithoutASender() throws Exception {
    Mail bounce =
        MailImpl.builder()
            .name("bounce")
            .sender(MaybeSender.nullSender())
            .addRecipient("bob@a.test")
            .build();

    assertThat(same(bounce).getMaybeSender()).isEqualTo(MaybeSender.nullSender());
  }

  @Test
  void attributeThatCannotBeWrittenShouldNotCostTheMail() throws Exception {
    Mail mail =
        mail()
            .addRecipient("bob@a.test")
            .addAttribute(
                new Attribute(
                    AttributeName.of("odd"), AttributeValue.ofUnserializable(new Object())))
            .addAttribute(new Attribute(AttributeName.of("text"), AttributeValue.of("kept")))
            .build();

    assertThat(same(mail).attributeNames()).containsExactly(AttributeName.of("text"));
    assertThat(StsAttributes.get(same(mail), AttributeName.of("text")))
        .isEqualTo(Optional.of("kept"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "{\"name\":\"m\",\"recipients\":[\"no address\"]}"})
  void whatIsNoMailShouldBeSaidToBeNone(String text) {
    assertThatThrownBy(() -> MailEnvelope.decode(text))
        .isInstanceOf(UnreadableMailException.class)
        .hasMessageStartingWith("the envelope cannot be read: ");
  }
}
