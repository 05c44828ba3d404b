package org.jamessts.delivery;

import java.net.InetAddress;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/** Where mail goes next, and whose policy holds there. */
public sealed interface NextHop {

  /** The domain whose policy holds (RFC 8461 §3.4). */
  DomainName policyDomain();

  /** The TCP port of the hosts. */
  int port();

  /**
   * Whether the operator named the hosts. Hosts that strangers name in the DNS may be neither this
   * server nor its loopback interface; the operator knows what he does.
   */
  boolean isOperatorsChoice();

  /** The only address of the only host, where the DNS is not asked for any. */
  default Optional<InetAddress> onlyAddress() {
    return Optional.empty();
  }

  /**
   * The hosts that the recipients' domain names in the DNS.
   *
   * @param policyDomain the part after the {@code @}, never what a CNAME leads to
   */
  record MailDomain(DomainName policyDomain, int port) implements NextHop {
    @Override
    public boolean isOperatorsChoice() {
      return false;
    }
  }

  /**
   * A smart host, contacted without an MX lookup.
   *
   * @param policyDomain its name, which is also the policy domain
   */
  record Gateway(DomainName policyDomain, int port) implements NextHop {
    @Override
    public boolean isOperatorsChoice() {
      return true;
    }
  }

  /**
   * A smart host that has no name. It has no policy, and nothing by which a certificate could be
   * verified.
   */
  record GatewayAddress(InetAddress address, int port) implements NextHop {
    @Override
    public DomainName policyDomain() {
      return DomainName.ofAddress(address);
    }

    @Override
    public boolean isOperatorsChoice() {
      return true;
    }

    @Override
    public Optional<InetAddress> onlyAddress() {
      return Optional.of(address);
    }
  }

  /**
   * The host that a recipient's address names by a literal (RFC 5321 §4.1.3). It has no policy
   * either (RFC 8461 §3.4), but whoever wrote the address may be a stranger.
   */
  record LiteralAddress(InetAddress address, int port) implements NextHop {
    @Override
    public DomainName policyDomain() {
      return DomainName.ofAddress(address);
    }

    @Override
    public boolean isOperatorsChoice() {
      return false;
    }

    @Override
    public Optional<InetAddress> onlyAddress() {
      return Optional.of(address);
    }
  }
}
