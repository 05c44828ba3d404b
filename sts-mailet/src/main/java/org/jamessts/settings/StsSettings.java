package org.jamessts.settings;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamessts.dns.DnsServers;
import org.jamessts.dns.InvalidDnsServersException;
import org.jamessts.https.HttpsSettings;
import org.jamessts.store.PostgresServer;
import org.jamessts.x509.TrustAnchors;

/**
 * The settings of {@code conf/sts.properties}.
 *
 * @param dnsServers whom to ask; empty for those of {@code dnsservice.xml}
 * @param trustAnchors the roots to trust, for policy hosts and MX hosts
 * @param https how policies are fetched
 * @param policyCacheEntries how many policies are kept in memory
 * @param store where policies survive a restart
 * @param mx which MX hosts are tried
 */
public record StsSettings(
    List<InetSocketAddress> dnsServers,
    TrustAnchors trustAnchors,
    HttpsSettings https,
    int policyCacheEntries,
    Store store,
    Mx mx) {

  /** The file's name, for messages. */
  public static final String FILE = "sts.properties";

  private static final Pattern CREDENTIALS = Pattern.compile("(?i)[?&](user|password)=|//[^/?]*@");

  /**
   * Which MX hosts are tried.
   *
   * @param allowLoopbackAddresses whether loopback, link-local and the like may receive mail
   * @param maxHosts how many hosts one attempt tries
   * @param maxAddresses how many addresses one attempt tries, of all hosts together
   */
  public record Mx(boolean allowLoopbackAddresses, int maxHosts, int maxAddresses) {}

  /**
   * Where policies survive a restart.
   *
   * @param directory of the embedded database
   * @param server to be used in its place
   */
  public record Store(Path directory, Optional<PostgresServer> server) {}

  public StsSettings {
    dnsServers = List.copyOf(dnsServers);
  }

  /**
   * Reads the settings.
   *
   * @param values key to text; empty for all defaults
   * @param baseDirectory against which relative file names are resolved
   * @throws InvalidSettingException for an unknown key, an impossible value or an unreadable file
   */
  public static StsSettings parse(Map<String, String> values, Path baseDirectory) {
    SettingsReader reader = new SettingsReader(FILE, values);
    StsSettings settings =
        new StsSettings(
            dnsServers(reader),
            trustAnchors(reader, baseDirectory),
            https(reader),
            reader.integer("policy.cacheEntries", 100_000, 1, 10_000_000),
            store(reader, baseDirectory),
            new Mx(
                reader.flag("mx.allowLoopbackAddresses", false),
                reader.integer("mx.maxHosts", 10, 1, 100),
                reader.integer("mx.maxAddresses", 20, 1, 1_000)));
    reader.refuseUnknown();
    return settings;
  }

  private static HttpsSettings https(SettingsReader reader) {
    HttpsSettings standard = HttpsSettings.DEFAULT;
    return new HttpsSettings(
        reader.integer("policy.httpsPort", standard.port(), 1, 65_535),
        reader.flag("policy.allowPrivateAddresses", standard.allowPrivateAddresses()),
        reader.duration(
            "policy.fetchTimeout",
            standard.deadline(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(300)));
  }

  private static Store store(SettingsReader reader, Path baseDirectory) {
    Optional<String> url = reader.text("store.url");
    String user = reader.text("store.user").orElse("");
    String password = reader.text("store.password").orElse("");
    if (url.isPresent()
        && (!url.get().startsWith(PostgresServer.SCHEME)
            || CREDENTIALS.matcher(url.get()).find())) {
      throw reader.invalid(
          "store.url",
          "a URL such as jdbc:postgresql://db.example:5432/james, without user and password"
              + " (set store.user and store.password)");
    }
    if (url.isEmpty() && !(user + password).isEmpty()) {
      throw reader.invalid("store.url", "a URL where store.user or store.password is set");
    }
    return new Store(
        baseDirectory.resolve("var").resolve("sts"),
        url.map(present -> new PostgresServer(present, user, password)));
  }

  private static List<InetSocketAddress> dnsServers(SettingsReader reader) {
    Optional<String> servers = reader.text("dns.servers");
    if (servers.isEmpty()) {
      return List.of();
    }
    try {
      return DnsServers.parse(servers.get()).addresses();
    } catch (InvalidDnsServersException e) {
      throw reader.invalid(
          "dns.servers",
          "a comma-separated list of IP addresses, each with an optional port, such as"
              + " \"192.0.2.53, [2001:db8::53]:5353\" ("
              + e.getMessage()
              + ")");
    }
  }

  private static TrustAnchors trustAnchors(SettingsReader reader, Path baseDirectory) {
    Optional<String> file = reader.text("tls.trustStore");
    String password = reader.text("tls.trustStorePassword").orElse("");
    if (file.isEmpty()) {
      return TrustAnchors.ofJvm();
    }
    try {
      return TrustAnchors.read(baseDirectory.resolve(file.get()), password);
    } catch (IOException | InvalidPathException e) {
      throw reader.invalid(
          "tls.trustStore",
          "a readable PKCS12 or JKS key store or PEM bundle with at least one certificate ("
              + e.getMessage()
              + ")");
    }
  }
}
