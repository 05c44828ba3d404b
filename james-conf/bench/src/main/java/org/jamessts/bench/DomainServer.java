package org.jamessts.bench;

import java.io.IOException;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.SignedDomains;

/** The program that serves signed domains, in a process of its own. */
final class DomainServer {

  private DomainServer() {}

  /**
   * Serves domains until the parent has gone, and writes the port and the root's DS record.
   *
   * @param arguments how many domains
   */
  public static void main(String[] arguments) throws IOException {
    try (PrivateDns dns = PrivateDns.start()) {
      for (int number = 0; number < Integer.parseInt(arguments[0]); number++) {
        SignedDomains.OWN_HOST.publish(dns, number);
      }
      System.out.println(dns.address().getPort());
      System.out.println(dns.trustAnchor().strip());
      ChildJvm.awaitParent();
    }
  }
}
