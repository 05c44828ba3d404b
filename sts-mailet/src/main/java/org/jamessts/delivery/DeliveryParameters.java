package org.jamessts.delivery;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.transport.mailets.remote.delivery.Delay;
import org.apache.james.transport.mailets.remote.delivery.DelaysAndMaxRetry;
import org.apache.mailet.MailetConfig;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.settings.SettingsReader;

/**
 * The parameters of the mailet, spelled as James's {@code RemoteDelivery} spells them.
 *
 * @param outgoing the queue's name
 * @param retries how often and how far apart a deferred mail is tried again
 * @param age how old a deferred mail may get
 * @param connection how to talk to hosts
 * @param gateways smart hosts; empty for delivery by MX
 * @param shuffleGateways whether each mail begins with any of them, rather than with the first
 * @param access how to get into hosts
 * @param sendPartial whether the recipients that a host accepts get the mail though it refuses
 *     others
 * @param processors where mails go afterwards
 * @param usePriority whether retries yield to new mail in the queue
 * @param notHonoured each parameter that is set but has no effect here, and why
 */
record DeliveryParameters(
    MailQueueName outgoing,
    Retries retries,
    MailAge age,
    Connection connection,
    List<NextHop> gateways,
    boolean shuffleGateways,
    HostAccess access,
    boolean sendPartial,
    Processors processors,
    boolean usePriority,
    Map<String, String> notHonoured) {

  private static final String FILE = "mailetcontainer.xml, StsRemoteDelivery";
  private static final String DEFER_PROCESSOR = "deferProcessor";
  private static final int SMTP = 25;

  /** Where TLS comes first (RFC 8314 §7.3). */
  private static final int SUBMISSIONS = 465;

  private static final int MAX_MILLIS = (int) Duration.ofHours(1).toMillis();
  private static final Duration MIN_AGE = Duration.ofSeconds(1);
  private static final Duration MAX_AGE = Duration.ofDays(100);

  /**
   * How often and how far apart a deferred mail is tried again.
   *
   * @param max how many times after the first attempt; {@link #UNLIMITED} where age alone counts
   * @param maxNoSuchDomain how many times when the domain does not exist
   * @param delays the time before each retry; the last one also before those that follow
   */
  record Retries(int max, int maxNoSuchDomain, List<Duration> delays) {

    static final int UNLIMITED = Integer.MAX_VALUE;

    /**
     * For a mail in the deferral store: soon at first, for a host that restarts, and then at the
     * pace that RFC 5321 §4.5.4.1 advises.
     */
    private static final List<Duration> STORED =
        Stream.of(5, 10, 20, 40, 80, 160, 240).map(Duration::ofMinutes).toList();

    /** The time before a retry; the first is 1. */
    Duration before(int retry) {
      return delays.isEmpty()
          ? Delay.DEFAULT_DELAY_TIME
          : delays.get(Math.min(retry, delays.size()) - 1);
    }
  }

  /**
   * How old a deferred mail may get, counted from its arrival at this server.
   *
   * @param expireAfter when it is given up; empty for never
   * @param delayWarningAfter when its sender is told; empty for never
   */
  record MailAge(Optional<Duration> expireAfter, Optional<Duration> delayWarningAfter) {}

  /**
   * How to talk to hosts.
   *
   * @param port of MX hosts
   * @param connectTimeout for the TCP connection
   * @param replyTimeout the longest that any reply is waited for; none for the times that RFC 5321
   *     §4.5.3.2 gives to each step
   * @param heloName how to greet; none for the default domain
   * @param bindIpv4 the local address towards IPv4 hosts
   * @param bindIpv6 the local address towards IPv6 hosts
   */
  record Connection(
      int port,
      Duration connectTimeout,
      Optional<Duration> replyTimeout,
      Optional<String> heloName,
      Optional<Inet4Address> bindIpv4,
      Optional<Inet6Address> bindIpv6) {}

  /**
   * Where mails go afterwards.
   *
   * @param bounce the processor for failed mails; none to bounce from here
   * @param success the processor for delivered mails; none to be done with them
   * @param defer the processor for mails that are to wait; none to have them wait in the queue
   */
  record Processors(Optional<String> bounce, Optional<String> success, Optional<String> defer) {}

  /**
   * Reads the parameters.
   *
   * @throws org.jamessts.settings.InvalidSettingException for an unknown one or an impossible value
   */
  static DeliveryParameters parse(MailetConfig config) {
    return parse(values(config));
  }

  /** The same, with each parameter by its name. */
  static DeliveryParameters parse(Map<String, String> values) {
    SettingsReader reader = reader(FILE, JavaMailProperties.asParameters(values));
    JavaMailProperties.refuseOthers(reader);
    MailAge age = age(reader);
    boolean implicitTls = reader.flag("sslEnable", false);
    GatewayParameters gateways = new GatewayParameters(reader);
    List<NextHop> hops = gateways.hops(implicitTls ? SUBMISSIONS : SMTP);
    Optional<GatewayLogin> login = gateways.login();
    DeliveryParameters parameters =
        new DeliveryParameters(
            MailQueueName.of(
                reader.text("outgoing").or(() -> reader.text("outgoingQueue")).orElse("outgoing")),
            retries(reader, age),
            age,
            connection(reader, implicitTls ? SUBMISSIONS : SMTP),
            hops,
            reader.flag("loadBalancing", true),
            new HostAccess(implicitTls, login.filter(any -> !hops.isEmpty())),
            reader.flag("sendpartial", true),
            new Processors(
                reader.text("bounceProcessor"),
                reader.text("onSuccess"),
                reader.text(DEFER_PROCESSOR)),
            reader.flag("usePriority", false),
            notHonoured(reader, login.isPresent() && hops.isEmpty()));
    reader.refuseUnknown();
    return parameters;
  }

  /** Reads the parameters of a mailet, but for those that are the mailet container's own. */
  static SettingsReader reader(String file, MailetConfig config) {
    return reader(file, values(config));
  }

  private static SettingsReader reader(String file, Map<String, String> values) {
    SettingsReader reader = new SettingsReader(file, values);
    reader.ignore("onMailetException", "onMatchException", "debug");
    return reader;
  }

  private static Map<String, String> values(MailetConfig config) {
    Map<String, String> values = new HashMap<>();
    config
        .getInitParameterNames()
        .forEachRemaining(
            name ->
                Optional.ofNullable(config.getInitParameter(name))
                    .ifPresent(v -> values.put(name, v)));
    return values;
  }

  private static MailAge age(SettingsReader reader) {
    return new MailAge(
        expireAfter(reader),
        reader.durationOrNever(
            "delayWarningAfter", Optional.of(Duration.ofHours(4)), MIN_AGE, MAX_AGE));
  }

  private static Optional<Duration> expireAfter(SettingsReader reader) {
    return reader.durationOrNever(
        "expireAfter",
        reader.text(DEFER_PROCESSOR).map(any -> Duration.ofDays(5)),
        MIN_AGE,
        MAX_AGE);
  }

  private static Retries retries(SettingsReader reader, MailAge age) {
    boolean stored = reader.text(DEFER_PROCESSOR).isPresent();
    boolean counted =
        reader.text("maxRetries").isPresent() || (!stored && age.expireAfter().isEmpty());
    int maxRetries = reader.integer("maxRetries", 5, 0, 10_000);
    int maxNoSuchDomain = reader.integer("maxDnsProblemRetries", 0, 0, 10_000);
    try {
      List<Duration> delays = new ArrayList<>();
      for (String delay : reader.list("delayTime")) {
        delays.addAll(Delay.from(delay).getExpendendDelays());
      }
      if (counted && !stored) {
        DelaysAndMaxRetry parsed =
            DelaysAndMaxRetry.from(maxRetries, reader.text("delayTime").orElse(null));
        return new Retries(
            parsed.getMaxRetries(), maxNoSuchDomain, List.copyOf(parsed.getExpandedDelays()));
      }
      return new Retries(
          counted ? maxRetries : Retries.UNLIMITED,
          maxNoSuchDomain,
          stored && delays.isEmpty() ? Retries.STORED : List.copyOf(delays));
    } catch (MessagingException | RuntimeException e) {
      throw reader.invalid(
          "delayTime", "a list such as \"5 minutes, 3*10 minutes, 2*1 hour, 4 hours\"");
    }
  }

  private static Connection connection(SettingsReader reader, int usualPort) {
    List<InetAddress> bind = bind(reader);
    return new Connection(
        reader.integer("port", usualPort, 1, 65_535),
        Duration.ofMillis(reader.integer("connectiontimeout", 60_000, 1, MAX_MILLIS)),
        reader
            .text("timeout")
            .map(any -> Duration.ofMillis(reader.integer("timeout", 1, 1, MAX_MILLIS))),
        heloName(reader),
        first(bind, Inet4Address.class),
        first(bind, Inet6Address.class));
  }

  /** The name of this server, if one is set. */
  static Optional<String> heloName(SettingsReader reader) {
    return reader.text("heloName").map(name -> heloName(reader, name));
  }

  private static String heloName(SettingsReader reader, String name) {
    try {
      return DomainName.parseInternational(name).value();
    } catch (InvalidDomainNameException e) {
      throw reader.invalid("heloName", "a host name");
    }
  }

  private static List<InetAddress> bind(SettingsReader reader) {
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : reader.list("bind")) {
      if (!InetAddresses.isInetAddress(text)) {
        throw reader.invalid("bind", "an IP address of this machine, or one of each family");
      }
      addresses.add(InetAddresses.forString(text));
    }
    if (addresses.stream().map(Object::getClass).distinct().count() != addresses.size()) {
      throw reader.invalid("bind", "an IP address of this machine, or one of each family");
    }
    return List.copyOf(addresses);
  }

  private static <T> Optional<T> first(List<InetAddress> addresses, Class<T> family) {
    return addresses.stream().filter(family::isInstance).map(family::cast).findFirst();
  }

  private static Map<String, String> notHonoured(SettingsReader reader, boolean idleLogin) {
    Map<String, String> ignored = new HashMap<>();
    String always = "TLS is used whenever a host offers it, and required by the domain's policy";
    reader.text("startTLS").ifPresent(value -> ignored.put("startTLS", always));
    reader
        .text("verifyServerIdentity")
        .ifPresent(
            value ->
                ignored.put("verifyServerIdentity", "identity is verified as the policy demands"));
    reader
        .text("deliveryThreads")
        .ifPresent(
            value ->
                ignored.put(
                    "deliveryThreads",
                    "lanes.allConnections in sts.properties bounds their number"));
    if (reader.flag("debug", false)) {
      ignored.put("debug", "logback.xml says what is logged");
    }
    if (idleLogin) {
      ignored.put("gatewayUsername", "there is no gateway to log in to");
    }
    return Map.copyOf(ignored);
  }
}
