package org.jamessts.guice;

import com.google.inject.Inject;
import java.util.List;
import org.jamessts.files.Trouble;
import org.jamessts.policy.PolicyStore;
import org.jamessts.retry.DeferredMails;
import org.jamessts.tlsrpt.collect.SessionCollector;

/** Says whether policies, deferred mail and sessions can be kept. */
public final class StsStoreHealthCheck extends TroubleCheck {

  /** Called by James. */
  @Inject
  StsStoreHealthCheck(PolicyStore policies, DeferredMails deferred, SessionCollector sessions) {
    super(
        "MTA-STS store",
        () -> Trouble.all(List.of(policies.trouble(), deferred.trouble(), sessions.trouble())));
  }
}
