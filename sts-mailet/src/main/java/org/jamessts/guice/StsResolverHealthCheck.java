package org.jamessts.guice;

import com.google.inject.Inject;
import java.util.Optional;
import java.util.function.Supplier;

/** Says what the last test of the way to the DNS has shown: that answers arrive, and proofs. */
public final class StsResolverHealthCheck extends TroubleCheck {

  /** Called by James. */
  @Inject
  StsResolverHealthCheck(JamesDns dns) {
    this(dns::trouble);
  }

  StsResolverHealthCheck(Supplier<Optional<String>> trouble) {
    super("MTA-STS resolver", trouble);
  }
}
