package org.jamessts.attack.dane;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateCa.Credential;

/** Everybody's keys and certificates. Each is made once for the whole process. */
final class Certificates {

  /** An authority that mail servers trust. */
  static final PrivateCa TRUSTED = PrivateCa.create("trusted root");

  /** Of no account to anybody. */
  static final Credential STRANGER = PrivateCa.selfSigned("stranger.invalid");

  private static final String EVIL = "mx.evil.example";

  private static final Map<Owned, Credential> OWNED = new ConcurrentHashMap<>();
  private static final Map<Authority, PrivateCa> AUTHORITIES = new ConcurrentHashMap<>();
  private static final Map<Forged, Credential> FORGED = new ConcurrentHashMap<>();
  private static final Map<Credential, SSLContext> CONTEXTS = new ConcurrentHashMap<>();
  private static final Set<X509Certificate> TRUSTED_FOR_HOSTS = ConcurrentHashMap.newKeySet();

  private Certificates() {}

  /**
   * The certificate of an honest host.
   *
   * @param server which host
   * @param anchored whether records name who has signed it
   * @param sts whether it must please an MTA-STS policy as well
   * @param generation the owner changes it now and then
   */
  record Owned(Server server, boolean anchored, boolean sts, int generation) {
    Owned ofGeneration(int other) {
      return new Owned(server, anchored, sts, other);
    }

    /** All names of the host in all layouts. */
    private String[] names() {
      return server == Server.BACKUP
          ? new String[] {Model.BACKUP}
          : Arrays.stream(Layout.values())
              .flatMap(layout -> layout.bases().stream())
              .distinct()
              .toArray(String[]::new);
    }
  }

  /** What the attacker presents in place of an honest certificate. */
  enum Forgery {
    /** With the right names, signed by nobody. */
    SELF_SIGNED,
    /** With the right names, by an authority that everybody trusts. */
    TRUSTED,
    /** His own, and above it the honest one with all above that. */
    BELOW_THE_HONEST_ONE,
    /** His own, and above it whoever has signed the honest one. */
    BELOW_ITS_AUTHORITY,
    /** For his own name, by whoever has signed the honest one. */
    OTHER_NAME,
    /** With the right names, by whoever has signed the honest one, long ago. */
    EXPIRED,
    /** The honest one, with its key. */
    STOLEN
  }

  private record Authority(boolean sts, int generation) {}

  private record Forged(Forgery forgery, Owned honest) {}

  /** Whether an MTA-STS policy lets a certificate pass for the hosts of the domain. */
  static boolean isTrusted(X509Certificate leaf) {
    return TRUSTED_FOR_HOSTS.contains(leaf);
  }

  static Credential of(Owned owned) {
    return OWNED.computeIfAbsent(owned, Certificates::issue);
  }

  static Credential of(Forgery forgery, Owned honest) {
    return FORGED.computeIfAbsent(new Forged(forgery, honest), Certificates::forge);
  }

  /** What a server is set up with. */
  static SSLContext context(Credential credential) {
    return CONTEXTS.computeIfAbsent(credential, Credential::serverContext);
  }

  private static Credential issue(Owned owned) {
    String[] names = owned.names();
    if (owned.sts()) {
      return trusted(authority(owned).issue(names));
    }
    return owned.anchored()
        ? authority(owned).issue(names)
        // RFC 7672 §3.1.1: neither the names nor the dates count.
        : PrivateCa.create("nobody").issueExpired("x.invalid");
  }

  private static PrivateCa authority(Owned owned) {
    return AUTHORITIES.computeIfAbsent(
        new Authority(owned.sts(), owned.generation()),
        kind -> {
          String name = "authority " + kind.generation();
          return kind.sts()
              ? TRUSTED.intermediate(new CertificateDraft().commonName(name))
              : PrivateCa.create(name);
        });
  }

  private static Credential trusted(Credential credential) {
    TRUSTED_FOR_HOSTS.add(credential.leaf());
    return credential;
  }

  private static Credential forge(Forged wanted) {
    Owned honest = wanted.honest();
    String[] names = honest.names();
    List<X509Certificate> chain = of(honest).chain();
    return switch (wanted.forgery()) {
      case SELF_SIGNED -> PrivateCa.selfSigned(names);
      case TRUSTED -> trusted(TRUSTED.issue(names));
      case BELOW_THE_HONEST_ONE -> below(chain, names);
      case BELOW_ITS_AUTHORITY ->
          chain.size() == 1
              ? PrivateCa.selfSigned(names)
              : below(chain.subList(1, chain.size()), names);
      case OTHER_NAME -> authority(honest).issue(EVIL);
      case EXPIRED -> authority(honest).issueExpired(names);
      case STOLEN -> of(honest);
    };
  }

  /** By an authority of the attacker's that has the name of another. */
  private static Credential below(List<X509Certificate> others, String... names) {
    String subject = others.get(0).getSubjectX500Principal().getName();
    PrivateCa namesake =
        PrivateCa.create(
            new CertificateDraft().commonName(subject.substring("CN=".length())).authority());
    Credential own = namesake.issue(names);
    List<X509Certificate> chain = new ArrayList<>(List.of(own.leaf()));
    chain.addAll(others);
    return new Credential(own.key(), chain);
  }
}
