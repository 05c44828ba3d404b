package org.jamessts.delivery;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.guard.Guards;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.policy.FetchResult;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.Preloads;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.Stores;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.UnaskedResolver;
import org.jamessts.x509.PathBuilder;

/** Lets tests of other packages have dry runs, on a private Internet. */
public final class DryRunWorld implements AutoCloseable {

  private final DeliveryWorld world = new DeliveryWorld();

  /** Where mail would go. */
  public PrivateInternet internet() {
    return world.internet;
  }

  /** As the mailet would deliver. */
  public DryRuns dryRuns() {
    return world.dryRuns(DryRuns.LIMIT);
  }

  /** For who does not ask for any. */
  public static DryRuns unasked(Stores stores, Clock clock) {
    StsSettings settings = StsSettings.parse(Map.of(), Path.of("unused"));
    PolicyParts parts =
        new PolicyParts(
            new UnaskedResolver() {},
            (host, path) ->
                new FetchResult.Failed(new PolicyFailure(PolicyFailure.Kind.FETCH, "unasked")),
            stores.policies(),
            stores.alarms(),
            Preloads.NONE,
            clock,
            Guards.ALL);
    try {
      Overrides overrides = Overrides.open(Optional.empty(), stores.overrides(), clock);
      return DryRuns.ofMailet(
          new DryRuns.World(
              parts,
              overrides,
              stores.deferrals(),
              new PathBuilder(settings.trustAnchors(), clock),
              settings,
              () -> Enforcement.ENFORCE),
          Map.of(),
          "ours.test");
    } catch (InvalidOverrideFileException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    world.close();
  }
}
