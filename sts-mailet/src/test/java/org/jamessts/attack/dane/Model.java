package org.jamessts.attack.dane;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * On which connections mail may leave: those that keep what the owner of the zones has published
 * (RFC 7672 §2.2). A signed answer may come again until its signatures expire, so that long every
 * promise may be the one that counts. Knows nothing of the DNS and its proofs, and of certificates
 * only whose they are.
 */
final class Model {

  static final String BACKUP = "backup.good.example";

  /** What stood in the zones, by base domain, and how long the signatures hold. */
  private record Published(Map<String, Promise> promises, Instant until) {}

  private final Layout layout;
  private final boolean hasBackup;
  private final boolean mandatory;
  private final boolean sts;
  private final List<Published> all = new ArrayList<>();

  /**
   * @param layout how mail finds its host
   * @param hasBackup whether there is a second host
   * @param mandatory whether the operator demands DANE
   * @param sts whether the domain has an MTA-STS policy in mode enforce, too
   */
  Model(Layout layout, boolean hasBackup, boolean mandatory, boolean sts) {
    this.layout = layout;
    this.hasBackup = hasBackup;
    this.mandatory = mandatory;
    this.sts = sts;
  }

  /** This stands in the zones from now on. */
  void publish(Map<String, Promise> promises, Instant until) {
    all.add(new Published(Map.copyOf(promises), until));
  }

  /**
   * What is wrong with mail that came this way.
   *
   * @param server where it came to
   * @param presented the certificate of the server; empty in clear
   */
  Optional<String> faultOf(Server server, Optional<X509Certificate> presented, Instant now) {
    String way = server + presented.map(c -> " in TLS with " + shown(c)).orElse(" in clear");
    if (sts && presented.filter(Certificates::isTrusted).isEmpty()) {
      return Optional.of(way + ", which the MTA-STS policy does not allow");
    }
    if (layout == Layout.INSECURE_MX) {
      return mandatory ? Optional.of(way + " by unproven MX records") : Optional.empty();
    }
    List<List<String>> hosts = hosts(server);
    if (hosts.isEmpty()) {
      return Optional.of(way + ", which is no host of the domain");
    }
    Set<Promise> promises =
        hosts.stream().flatMap(bases -> promises(bases, now)).collect(Collectors.toSet());
    return promises.stream().anyMatch(promise -> promise.allows(presented, mandatory))
        ? Optional.empty()
        : Optional.of(way + ", promised is " + shown(promises));
  }

  /** The hosts that may stand at an address, each with its proven base domains. */
  private List<List<String>> hosts(Server server) {
    List<List<String>> hosts = new ArrayList<>();
    if (server == Server.PRIMARY || layout.leadsAnywhere()) {
      hosts.add(layout.provenBases());
    }
    if (server == Server.BACKUP && hasBackup) {
      hosts.add(List.of(BACKUP));
    }
    return hosts;
  }

  /** The first base domain that says anything counts, in every mixture of what was published. */
  private Stream<Promise> promises(List<String> bases, Instant now) {
    Set<Promise> promises = new HashSet<>();
    for (String base : bases) {
      Set<Promise> here =
          all.stream()
              .filter(published -> !now.isAfter(published.until()))
              .map(published -> published.promises().getOrDefault(base, Promise.NOTHING))
              .collect(Collectors.toSet());
      boolean mayBeSilent = here.remove(Promise.NOTHING);
      promises.addAll(here);
      if (!mayBeSilent) {
        return promises.stream();
      }
    }
    promises.add(Promise.NOTHING);
    return promises.stream();
  }

  private static String shown(Set<Promise> promises) {
    return promises.stream()
        .map(
            promise ->
                promise.kind()
                    + promise.certificates().stream()
                        .map(Model::shown)
                        .sorted()
                        .toList()
                        .toString())
        .sorted()
        .toList()
        .toString();
  }

  private static String shown(X509Certificate certificate) {
    return "#" + certificate.getSerialNumber();
  }
}
