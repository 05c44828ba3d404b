package org.jamessts.delivery;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.api.TemporaryResolutionException;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.HostAddresses;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.dns.MxHosts;
import org.jamessts.dns.MxLookup;
import org.jamessts.dns.Resolver;

/**
 * James's view of the DNS, for its own mailet: James's client cannot be sent to another port.
 *
 * @param mxPort where MX hosts listen; the mailet takes it with a host's name, as for gateways
 */
record DnsForStock(Resolver resolver, int mxPort) implements DNSService {

  @Override
  public Collection<String> findMXRecords(String domain) throws TemporaryResolutionException {
    if (InetAddresses.isInetAddress(domain)) {
      // As James's client does: nothing has MX records under such a name, and it is an address.
      return List.of(domain + ":" + mxPort);
    }
    MxLookup lookup = new MxHosts(resolver, new Random(1)).lookup(name(domain));
    if (lookup instanceof MxLookup.Failed failed) {
      throw new TemporaryResolutionException(failed.detail());
    }
    return lookup instanceof MxLookup.Hosts found
        ? found.hosts().stream().map(host -> host.name() + ":" + mxPort).toList()
        : List.of();
  }

  @Override
  public Collection<InetAddress> getAllByName(String host) throws UnknownHostException {
    if (InetAddresses.isInetAddress(host)) {
      return List.of(InetAddresses.forString(host));
    }
    if (new HostAddresses(resolver).lookup(name(host)) instanceof AddressLookup.Found found) {
      return List.copyOf(found.addresses());
    }
    throw new UnknownHostException(host);
  }

  @Override
  public InetAddress getByName(String host) throws UnknownHostException {
    return getAllByName(host).iterator().next();
  }

  @Override
  public Collection<String> findTXTRecords(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public InetAddress getLocalHost() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public String getHostName(InetAddress address) {
    return address.getHostAddress();
  }

  private static DomainName name(String text) {
    try {
      return DomainName.parse(text);
    } catch (InvalidDomainNameException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
