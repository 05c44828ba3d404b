package org.jamessts.attack.dane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.attack.Schedules;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.OverrideChange;
import org.jamessts.override.OverrideParse;
import org.jamessts.override.Overrides;
import org.jamessts.testing.KeyAlgorithm;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SettableClock;
import org.jamessts.testing.Signing;
import org.jamessts.testing.SmtpSink;
import org.jamessts.testing.TemporaryStores;
import org.jamessts.testing.ZoneKey;

/** The DNS, the hosts and what outlives a mail server: all real, for one schedule after another. */
final class World implements Schedules.World {

  /** Of the zones above the owner's. The number 0 is the attacker's, whatever zone he signs for. */
  private static final ZoneKey KEY = ZoneKey.csk(KeyAlgorithm.RSASHA256_FIXED).number(9);

  private static final List<String> DOMAINS = List.of("good.example", "plain.test");

  final PrivateInternet net = new PrivateInternet();
  final PrivateDns dns = net.dns();
  final SettableClock clock = new SettableClock();

  private final Instant start = clock.instant();
  private final TemporaryStores stores = new TemporaryStores(1, clock);
  private final Overrides overrides;
  private final Map<Server, SmtpSink> servers = new EnumMap<>(Server.class);

  World() {
    try {
      overrides = Overrides.open(Optional.empty(), stores.stores().overrides(), clock);
    } catch (InvalidOverrideFileException e) {
      throw new IllegalStateException(e);
    }
    Signing above =
        Signing.standard()
            .withKeys(KEY)
            .valid(start.minus(Duration.ofDays(1)), start.plus(Duration.ofDays(3650)));
    dns.sign(".", above).sign("example", above).sign("evil.example");
    Stream.of("plain.test", "_tcp.loose.good.example", "_tcp.loose.provider.example")
        .forEach(dns::unsignedZone);
    for (Server server : Server.values()) {
      String name = server.name().toLowerCase(Locale.ROOT) + ".invalid";
      net.mx("invalid", 1, name, Certificates.STRANGER);
      servers.put(server, net.server(name));
    }
    dns.a("mx.evil.example", address(Server.EVIL));
  }

  SmtpSink server(Server which) {
    SmtpSink server = servers.get(which);
    if (server == null) {
      throw new IllegalStateException("every server has been started");
    }
    return server;
  }

  String address(Server which) {
    return server(which).address().getAddress().getHostAddress();
  }

  int port() {
    return net.smtpPort();
  }

  /** Nothing is left of earlier schedules; the names lead to where they should. */
  void reset(Owner owner, Attacker attacker) {
    clock.set(start);
    servers.values().forEach(server -> server.effects());
    for (Layout layout : Layout.values()) {
      Stream.concat(layout.bases().stream(), Stream.of(layout.domain(), Model.BACKUP))
          .flatMap(name -> Stream.of(name, Attacker.tlsaName(name, port())))
          .forEach(dns::remove);
    }
    DOMAINS.forEach(domain -> dns.a(domain, address(Server.WEB)));
    Layout layout = owner.layout;
    dns.mx(layout.domain(), 10, layout.mx());
    layout.target().ifPresent(target -> dns.cname(layout.mx(), target));
    dns.a(layout.target().orElse(layout.mx()), address(Server.PRIMARY));
    if (owner.hasBackup) {
      dns.mx(layout.domain(), 20, Model.BACKUP).a(Model.BACKUP, address(Server.BACKUP));
    }
    dns.faultEverywhere(attacker);
  }

  /** A mail server starts, whose operator may demand DANE of the domain. */
  MailServer mailServer(String domain, boolean mandatory, MailServer.Setup setup) {
    for (DomainOverride override : overrides.find(Schedule.name(domain), clock.instant())) {
      done(overrides.remove(override.pattern(), "test"));
    }
    if (mandatory) {
      String json = "{\"domain\": \"%s\", \"minimum\": \"dane\"}".formatted(domain);
      OverrideParse parsed = DomainOverride.parse(json.getBytes(UTF_8));
      done(overrides.put(((OverrideParse.Parsed) parsed).override(), "test"));
    }
    return new MailServer(net, stores.stores(), overrides, clock, setup);
  }

  private static void done(OverrideChange change) {
    if (!(change instanceof OverrideChange.Done)) {
      throw new IllegalStateException(change.toString());
    }
  }

  @Override
  public void close() {
    stores.close();
    net.close();
  }
}
