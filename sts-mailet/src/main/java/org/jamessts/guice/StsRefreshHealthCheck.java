package org.jamessts.guice;

import com.google.inject.Inject;
import org.jamessts.policy.PolicyRefresher;

/** Says whether the policies of domains in use are kept fresh. */
public final class StsRefreshHealthCheck extends TroubleCheck {

  /** Called by James. */
  @Inject
  StsRefreshHealthCheck(PolicyRefresher refresher) {
    super("MTA-STS refresh", refresher::trouble);
  }
}
