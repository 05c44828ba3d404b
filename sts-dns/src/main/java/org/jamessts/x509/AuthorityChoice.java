package org.jamessts.x509;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Says in whom the path of a presented chain may end. A value: equal choices choose alike, since
 * paths are remembered by it.
 */
public interface AuthorityChoice {

  /**
   * The authorities for one chain.
   *
   * @param chain as presented, leaf first, of bounded length
   * @return those to whom a path may lead; none where the chain has to do with none of them
   */
  List<Authority> among(List<X509Certificate> chain);
}
