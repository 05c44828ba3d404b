package org.jamessts.delivery;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.settings.SettingsReader;
import org.jamessts.smtp.Secret;

/** Reads those parameters of the mailet that are about smart hosts. */
final class GatewayParameters {

  private static final String USERNAME = "gatewayUsername";
  private static final String PASSWORD = "gatewayPassword";
  private static final String TOKEN_FILE = "gatewayTokenFile";

  /** As long as RFC 4616 §2 lets a name or a password be. */
  private static final int MAX_OCTETS = 255;

  private final SettingsReader reader;

  GatewayParameters(SettingsReader reader) {
    this.reader = reader;
  }

  /**
   * The gateways, in the order in which they are named.
   *
   * @param usualPort of those that name none, where gatewayPort does not either
   */
  List<NextHop> hops(int usualPort) {
    int defaultPort = reader.integer("gatewayPort", usualPort, 1, 65_535);
    List<NextHop> gateways = new ArrayList<>();
    for (String text : reader.list("gateway")) {
      gateways.add(hop(text, defaultPort));
    }
    return List.copyOf(gateways);
  }

  private NextHop hop(String text, int defaultPort) {
    try {
      HostAndPort parsed = HostAndPort.fromString(text).withDefaultPort(defaultPort);
      String host = parsed.getHost();
      if (parsed.getPort() > 0) {
        return InetAddresses.isInetAddress(host)
            ? new NextHop.GatewayAddress(InetAddresses.forString(host), parsed.getPort())
            : new NextHop.Gateway(DomainName.parseInternational(host), parsed.getPort());
      }
    } catch (InvalidDomainNameException | IllegalArgumentException e) {
      // Said below, together with an impossible port.
    }
    throw reader.invalid(
        "gateway",
        "host names or addresses, each with an optional port, such as \"relay.example:587,"
            + " 192.0.2.1, [2001:db8::1]:25\"");
  }

  /** How to log in to them; empty where there is nothing to log in with. */
  Optional<GatewayLogin> login() {
    Optional<String> username =
        reader.text(USERNAME).or(() -> reader.text("gatewayusername")).map(this::username);
    Optional<String> password = reader.text(PASSWORD);
    Optional<String> tokenFile = reader.text(TOKEN_FILE);
    boolean anyChannel = reader.flag("gatewayAllowCleartextAuth", false);
    reader.text("gatewayusername");
    if (username.isEmpty()) {
      if (password.isPresent() || tokenFile.isPresent()) {
        throw reader.invalid(
            password.isPresent() ? PASSWORD : TOKEN_FILE, "nothing without " + USERNAME);
      }
      return Optional.empty();
    }
    if (password.isPresent() == tokenFile.isPresent()) {
      throw reader.invalid(
          USERNAME, "a name beside either " + PASSWORD + " or " + TOKEN_FILE + ", not both");
    }
    CredentialSource source =
        password
            .<CredentialSource>map(
                text -> new CredentialSource.FixedPassword(username.get(), password(text)))
            .orElseGet(
                () ->
                    new CredentialSource.TokenFile(
                        username.get(), absolute(tokenFile.orElseThrow())));
    return Optional.of(new GatewayLogin(source, anyChannel));
  }

  private String username(String text) {
    if (!isSayable(text)) {
      throw reader.invalid(USERNAME, "1 to " + MAX_OCTETS + " octets without control characters");
    }
    return text;
  }

  private Secret password(String text) {
    if (!isSayable(text)) {
      throw reader.invalid(PASSWORD, "1 to " + MAX_OCTETS + " octets without control characters");
    }
    return Secret.of(text);
  }

  private static boolean isSayable(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length <= MAX_OCTETS
        && text.chars().noneMatch(Character::isISOControl);
  }

  private Path absolute(String text) {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    throw reader.invalid(TOKEN_FILE, "an absolute path");
  }
}
