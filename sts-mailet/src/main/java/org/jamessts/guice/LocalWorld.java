package org.jamessts.guice;

import java.io.FileNotFoundException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.server.core.configuration.FileConfigurationProvider;
import org.apache.james.server.core.filesystem.FileSystemImpl;
import org.apache.james.utils.PropertiesProvider;
import org.jamessts.delivery.DryRuns;
import org.jamessts.delivery.StsRemoteDelivery;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.DnsServers;
import org.jamessts.dns.InvalidDnsServersException;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementOrder;
import org.jamessts.guard.Guards;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.PolicyStore;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.Database;
import org.jamessts.store.EmbeddedReading;
import org.jamessts.store.PostgresReading;
import org.jamessts.store.Stores;
import org.jamessts.x509.PathBuilder;

/**
 * What the extension is made of, without a James: read from the files of its working directory, for
 * a look at what would happen. Nothing is changed: an embedded database is opened for reading
 * alone.
 */
public final class LocalWorld implements AutoCloseable {

  private static final String WEBADMIN = "webadmin";

  private final PropertiesProvider properties;
  private final FileConfigurationProvider files;
  private final StsSettings settings;
  private final Clock clock;
  private final Database database;
  private final Stores stores;
  private Optional<HttpsPolicyFetcher> fetcher = Optional.empty();

  private LocalWorld(
      PropertiesProvider properties,
      FileConfigurationProvider files,
      StsSettings settings,
      Clock clock) {
    this.properties = properties;
    this.files = files;
    this.settings = settings;
    this.clock = clock;
    this.database =
        settings
            .store()
            .server()
            .<Database>map(PostgresReading::new)
            .orElseGet(() -> new EmbeddedReading(settings.store().directory()));
    this.stores = new Stores(database, settings.policies().remembered(), clock);
  }

  /**
   * Reads the settings.
   *
   * @param workingDirectory James's, with {@code conf}
   * @throws org.jamessts.settings.InvalidSettingException for a bad one
   */
  public static LocalWorld open(Path workingDirectory) {
    org.apache.james.server.core.configuration.Configuration james =
        org.apache.james.server.core.configuration.Configuration.builder()
            .workingDirectory(workingDirectory.toString())
            .configurationPath(
                new org.apache.james.server.core.configuration.Configuration.ConfigurationPath(
                    FileSystem.FILE_PROTOCOL_AND_CONF))
            .build();
    FileSystem system = new FileSystemImpl(james.directories());
    PropertiesProvider properties = new PropertiesProvider(system, james.configurationPath());
    StsSettings settings =
        StsSettings.parse(StsModule.read(properties), workingDirectory.toAbsolutePath());
    return new LocalWorld(
        properties, new FileConfigurationProvider(system, james), settings, Clock.systemUTC());
  }

  /** Whether a James holds the embedded database, which no other process can read then. */
  public boolean isStoreInUse() {
    return database instanceof EmbeddedReading reading && reading.isInUse();
  }

  /** The policies that are kept. */
  public PolicyStore policies() {
    return stores.policies();
  }

  /**
   * Dry runs as the first StsRemoteDelivery of {@code mailetcontainer.xml} would deliver.
   *
   * @throws ConfigurationException when a file cannot be read
   */
  public DryRuns dryRuns() throws ConfigurationException {
    DnsJavaResolver resolver =
        new DnsJavaResolver(
            dnsServers(),
            new DnsJavaResolver.Settings(
                JamesDns.TIMEOUT, JamesDns.CACHE_ENTRIES, settings.dns().dnssec()),
            clock,
            Guards.ALL);
    PathBuilder paths = new PathBuilder(settings.trustAnchors(), clock);
    HttpsPolicyFetcher https =
        new HttpsPolicyFetcher(resolver, paths, clock, settings.https(), Guards.ALL);
    fetcher = Optional.of(https);
    OperatorFiles operator = OperatorFiles.open(settings.files(), stores.overrides(), clock);
    PolicyParts parts =
        new PolicyParts(
            resolver,
            https,
            stores.policies(),
            stores.alarms(),
            operator.preloads(),
            clock,
            Guards.ALL);
    Enforcement enforcement = enforcement();
    return DryRuns.ofMailet(
        new DryRuns.World(
            parts, operator.overrides(), stores.deferrals(), paths, settings, () -> enforcement),
        mailet(),
        ownName());
  }

  private Enforcement enforcement() {
    try {
      return stores
          .enforcement()
          .get()
          .filter(order -> order.holdsAt(clock.instant()))
          .map(EnforcementOrder::mode)
          .orElse(settings.enforcement());
    } catch (IllegalStateException e) {
      return settings.enforcement();
    }
  }

  private static String ownName() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      return name.matches("[A-Za-z0-9_.-]{1,253}") ? name : "localhost";
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private List<InetSocketAddress> dnsServers() throws ConfigurationException {
    if (!settings.dns().servers().isEmpty()) {
      return settings.dns().servers();
    }
    HierarchicalConfiguration<ImmutableNode> james = files.getConfiguration("dnsservice");
    List<InetSocketAddress> servers = new ArrayList<>();
    if (james.getBoolean("autodiscover", true)) {
      servers.addAll(DnsServers.ofSystem());
    }
    String[] named = james.getStringArray("servers.server");
    if (named.length > 0) {
      try {
        servers.addAll(JamesDns.addresses(named));
      } catch (InvalidDnsServersException e) {
        throw new ConfigurationException("dnsservice.xml: " + e.getMessage(), e);
      }
    }
    if (servers.isEmpty()) {
      throw new ConfigurationException("no DNS servers: set dns.servers in " + StsSettings.FILE);
    }
    return servers;
  }

  private Map<String, String> mailet() throws ConfigurationException {
    for (HierarchicalConfiguration<ImmutableNode> processor :
        files.getConfiguration("mailetcontainer").configurationsAt("processors.processor")) {
      for (HierarchicalConfiguration<ImmutableNode> mailet : processor.configurationsAt("mailet")) {
        if (StsRemoteDelivery.class.getName().equals(mailet.getString("[@class]"))) {
          return parameters(mailet);
        }
      }
    }
    return Map.of();
  }

  private static Map<String, String> parameters(HierarchicalConfiguration<ImmutableNode> mailet) {
    Map<String, String> parameters = new HashMap<>();
    mailet
        .getKeys()
        .forEachRemaining(
            key -> {
              if (!key.startsWith("[@")) {
                // A name with dots, as mail.smtp.timeout, is escaped in keys.
                parameters.put(
                    key.replace("..", "."), String.join(",", mailet.getStringArray(key)));
              }
            });
    return parameters;
  }

  /** Where the webadmin of this James listens. */
  public URI webadmin() throws ConfigurationException {
    try {
      Configuration said = properties.getConfiguration(WEBADMIN);
      String host = said.getString("host", "127.0.0.1");
      boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
      return URI.create(
          (said.getBoolean("https.enabled", false) ? "https://" : "http://")
              + (everywhere ? "127.0.0.1" : host.indexOf(':') < 0 ? host : "[" + host + "]")
              + ":"
              + said.getInt("port", 8000));
    } catch (FileNotFoundException e) {
      throw new ConfigurationException("there is no webadmin.properties", e);
    }
  }

  @Override
  public void close() {
    fetcher.ifPresent(HttpsPolicyFetcher::close);
    stores.close();
    database.close();
  }
}
