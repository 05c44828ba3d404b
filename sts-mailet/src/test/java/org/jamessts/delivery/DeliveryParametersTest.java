package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamessts.dns.DomainName;
import org.jamessts.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryParametersTest {

  private static DeliveryParameters parse(Map<String, String> values) {
    FakeMailetConfig.Builder config = FakeMailetConfig.builder();
    values.forEach(config::setProperty);
    return DeliveryParameters.parse(config.build());
  }

  @Test
  void defaultsShouldBeThoseOfRemoteDelivery() {
    DeliveryParameters parameters = parse(Map.of());

    assertThat(parameters.outgoing().asString()).isEqualTo("outgoing");
    assertThat(parameters.retries().max()).isEqualTo(5);
    assertThat(parameters.retries().maxNoSuchDomain()).isZero();
    assertThat(parameters.retries().before(1)).isEqualTo(Duration.ofHours(6));
    assertThat(parameters.age())
        .isEqualTo(
            new DeliveryParameters.MailAge(Optional.empty(), Optional.of(Duration.ofHours(4))));
    assertThat(parameters.connection().port()).isEqualTo(25);
    assertThat(parameters.connection().connectTimeout()).isEqualTo(Duration.ofMinutes(1));
    // Where RemoteDelivery waits 3 minutes for anything, each step has its time of RFC 5321
    // §4.5.3.2.
    assertThat(parameters.connection().replyTimeout()).isEmpty();
    assertThat(parameters.gateways()).isEmpty();
    assertThat(parameters.notHonoured()).isEmpty();
  }

  @Test
  void everyHonouredParameterShouldBeRead() {
    DeliveryParameters parameters =
        parse(
            Map.ofEntries(
                Map.entry("outgoing", "away"),
                Map.entry("delayTime", "5 minutes, 2*1 hour"),
                Map.entry("maxRetries", "3"),
                Map.entry("maxDnsProblemRetries", "2"),
                Map.entry("timeout", "1000"),
                Map.entry("connectiontimeout", "2000"),
                Map.entry("port", "2525"),
                Map.entry("heloName", "MX.example.org"),
                Map.entry("bind", "127.0.0.1, ::1"),
                Map.entry("gateway", "relay.example, other.example:587"),
                Map.entry("gatewayPort", "26"),
                Map.entry("bounceProcessor", "bounces"),
                Map.entry("onSuccess", "sent"),
                Map.entry("usePriority", "true")));

    assertThat(parameters.outgoing().asString()).isEqualTo("away");
    assertThat(parameters.retries())
        .isEqualTo(
            new DeliveryParameters.Retries(
                3, 2, List.of(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(1))));
    assertThat(parameters.connection().replyTimeout()).contains(Duration.ofSeconds(1));
    assertThat(parameters.connection().connectTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(parameters.connection().port()).isEqualTo(2525);
    assertThat(parameters.connection().heloName()).contains("mx.example.org");
    assertThat(parameters.connection().bindIpv4()).contains(address("127.0.0.1"));
    assertThat(parameters.connection().bindIpv6()).contains(address("::1"));
    assertThat(parameters.gateways())
        .containsExactly(
            new NextHop.Gateway(new DomainName("relay.example"), 26),
            new NextHop.Gateway(new DomainName("other.example"), 587));
    assertThat(parameters.processors())
        .isEqualTo(
            new DeliveryParameters.Processors(
                Optional.of("bounces"), Optional.of("sent"), Optional.empty()));
    assertThat(parameters.usePriority()).isTrue();
  }

  @Test
  void storedMailShouldBeTriedSoonThenAtAPaceAndWithoutALimit() {
    DeliveryParameters.Retries retries = parse(Map.of("deferProcessor", "waiting")).retries();

    assertThat(IntStream.rangeClosed(1, 9).mapToObj(retries::before).map(Duration::toMinutes))
        .containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 240L, 240L, 240L);
    assertThat(retries.max()).isEqualTo(DeliveryParameters.Retries.UNLIMITED);
  }

  @Test
  void storedMailShouldBeTriedAsToldAndTheLastDelayRepeat() {
    DeliveryParameters parameters =
        parse(
            Map.of(
                "deferProcessor", "waiting", "delayTime", "2*1 minute, 1 hour", "maxRetries", "2"));

    DeliveryParameters.Retries retries = parameters.retries();
    assertThat(IntStream.rangeClosed(1, 5).mapToObj(retries::before).map(Duration::toMinutes))
        .containsExactly(1L, 1L, 60L, 60L, 60L);
    assertThat(retries.max()).isEqualTo(2);
    assertThat(parameters.processors().defer()).contains("waiting");
  }

  @Test
  void namesMayBeWrittenInUnicode() {
    DeliveryParameters parameters =
        parse(
            Map.of(
                "heloName",
                "mail.b\u00fccher.example",
                "gateway",
                "fa\u00df.example, Relay.B\u00dcCHER.example:587"));

    assertThat(parameters.connection().heloName()).contains("mail.xn--bcher-kva.example");
    assertThat(parameters.gateways())
        .containsExactly(
            new NextHop.Gateway(new DomainName("xn--fa-hia.example"), 25),
            new NextHop.Gateway(new DomainName("relay.xn--bcher-kva.example"), 587));
  }

  @Test
  void gatewaysMayBeGivenByTheirAddresses() {
    assertThat(
            parse(Map.of("gateway", "192.0.2.1, 192.0.2.2:587, [2001:db8::1]:587, 2001:db8::2"))
                .gateways())
        .containsExactly(
            new NextHop.GatewayAddress(address("192.0.2.1"), 25),
            new NextHop.GatewayAddress(address("192.0.2.2"), 587),
            new NextHop.GatewayAddress(address("2001:db8::1"), 587),
            new NextHop.GatewayAddress(address("2001:db8::2"), 25));
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends InetAddress> T address(String text) {
    return (T) InetAddresses.forString(text);
  }

  /** {@code -} is not set, or never. */
  @ParameterizedTest(name = "expireAfter={0} delayWarningAfter={1} maxRetries={2}")
  @CsvSource({
    "5 days, -, -, PT120H, PT4H, 2147483647",
    "5 days, never, 7, PT120H, -, 7",
    "never, 1 day, -, -, PT24H, 5",
    "90, 30, -, PT1M30S, PT30S, 2147483647",
  })
  void timesShouldBeRead(
      String expireAfter,
      String warnAfter,
      String retries,
      String expiry,
      String warning,
      int max) {
    Map<String, String> values = new HashMap<>();
    values.put("expireAfter", expireAfter);
    values.put("delayWarningAfter", warnAfter.equals("-") ? "" : warnAfter);
    values.put("maxRetries", retries.equals("-") ? "" : retries);

    DeliveryParameters parameters = parse(values);

    assertThat(parameters.age().expireAfter().map(Duration::toString).orElse("-"))
        .isEqualTo(expiry);
    assertThat(parameters.age().delayWarningAfter().map(Duration::toString).orElse("-"))
        .isEqualTo(warning);
    assertThat(parameters.retries().max()).isEqualTo(max);
  }

  @Test
  void lastDelayShouldGoOnWhenTimeAloneEndsTheRetries() {
    DeliveryParameters.Retries retries =
        parse(Map.of("delayTime", "5 minutes, 2*1 hour", "expireAfter", "5 days")).retries();

    assertThat(retries.before(1)).isEqualTo(Duration.ofMinutes(5));
    assertThat(retries.before(3)).isEqualTo(Duration.ofHours(1));
    assertThat(retries.before(1000)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void outgoingQueueShouldBeAnotherNameForOutgoing() {
    assertThat(parse(Map.of("outgoingQueue", "away")).outgoing().asString()).isEqualTo("away");
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "startTLS|true",
        "verifyServerIdentity|false",
        "deliveryThreads|4",
        "debug|true",
      })
  void parameterThatCannotBeHonouredShouldBeNamed(String key, String value) {
    assertThat(parse(Map.of(key, value)).notHonoured()).containsOnlyKeys(key);
  }

  @Test
  void parametersThatAskForWhatWeDoAnywayShouldNotBeNamed() {
    assertThat(
            parse(Map.of("sendpartial", "true", "loadBalancing", "true", "sslEnable", "false"))
                .notHonoured())
        .isEmpty();
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "port|0|a whole number from 1 to 65535",
        "maxRetries|many|a whole number",
        "timeout|3 minutes|a whole number",
        "delayTime|soon|a list such as",
        "delayTime|5 minutes; 1 hour|a list such as",
        "expireAfter|soon|never, or a time from 1 s to 8640000 s",
        "expireAfter|101 days|never, or a time from 1 s to 8640000 s",
        "delayWarningAfter|0|never, or a time from 1 s to 8640000 s",
        "heloName|not a name|a host name",
        "heloName|b\u00fccher..example|a host name",
        "bind|localhost|an IP address",
        "bind|127.0.0.1,127.0.0.2|an IP address",
        "gateway|relay.example:port|host names",
        "gateway|2001:db8::1:x|host names or addresses",
        "gateway|relay.example:0|host names or addresses",
        "gateway|-b\u00fccher.example|host names",
        "gatewayUsername|user|a name beside either gatewayPassword or gatewayTokenFile",
        "gatewayTokenFile|/run/token|nothing without gatewayUsername",
        "mail.smtp.ssl.protocols|TLSv1.3|nothing: delivery does not use JavaMail",
        "mail.smtp.auth|true|nothing: delivery does not use JavaMail",
        "usePriority|maybe|true or false",
        "maxRetires|3|one of the keys",
      })
  void impossibleParameterShouldStopTheStartInOneLine(String key, String value, String allowed) {
    assertThatThrownBy(() -> parse(Map.of(key, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(
            "mailetcontainer.xml, StsRemoteDelivery: "
                + key
                + " = \""
                + value
                + "\" is not allowed; allowed is "
                + allowed)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void passwordShouldNotBeShownWhenItIsRefused() {
    assertThatThrownBy(() -> parse(Map.of("gatewayPassword", "secret")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("gatewayPassword = \"***\"")
        .message()
        .doesNotContain("secret");
  }
}
