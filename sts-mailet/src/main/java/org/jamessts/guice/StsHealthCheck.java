package org.jamessts.guice;

import com.google.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.files.Trouble;
import org.jamessts.policy.PolicyStore;

/**
 * Says whether mail is held to the policies of domains: that enforcement was not taken back, that
 * new policies find room, and that what the operator says of domains can be read.
 */
public final class StsHealthCheck extends TroubleCheck {

  /** Called by James. */
  @Inject
  StsHealthCheck(EnforcementSwitch enforcement, PolicyStore store, OperatorFiles files) {
    super(
        "MTA-STS policies",
        () ->
            Trouble.all(
                List.of(
                    enforcement.lowered(), enforcement.trouble(), full(store), files.trouble())));
  }

  private static Optional<String> full(PolicyStore store) {
    return store.isFull()
        ? Optional.of(
            "memory is full of unexpired policies: new ones are applied but not kept (raise"
                + " policy.cacheEntries in sts.properties)")
        : Optional.empty();
  }
}
