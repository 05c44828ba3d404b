package org.jamessts.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guards;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.policy.FetchResult;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.policy.PolicyParts;
import org.jamessts.policy.PolicySettings;
import org.jamessts.policy.Preloads;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.store.Database;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;

/**
 * A policy service as James has it, on a store that has every policy already.
 *
 * @param stores under it
 * @param service itself
 * @param dns which it asks
 */
record OpenService(Stores stores, StsPolicyService service, InstantDns dns)
    implements AutoCloseable {

  /** Policies kept in memory, as {@code sts.properties} has it by default. */
  static final int MEMORY = PolicySettings.DEFAULT.remembered();

  /** A service on the file of an embedded store. */
  static OpenService open(Path directory, Optional<Path> overrides) {
    return open(new EmbeddedDatabase(directory, Clock.systemUTC()), overrides);
  }

  static OpenService open(Database database, Optional<Path> overrides) {
    Clock clock = Clock.systemUTC();
    Stores stores = new Stores(database, MEMORY, clock);
    InstantDns dns = new InstantDns();
    PolicyFailure none = new PolicyFailure(PolicyFailure.Kind.FETCH, "there is no policy host");
    PolicyParts parts =
        new PolicyParts(
            dns,
            (host, path) -> new FetchResult.Failed(none),
            stores.policies(),
            stores.alarms(),
            Preloads.NONE,
            clock,
            Guards.ALL);
    try {
      return new OpenService(
          stores,
          new StsPolicyService(
              parts, Overrides.open(overrides, stores.overrides(), clock), PolicySettings.DEFAULT),
          dns);
    } catch (InvalidOverrideFileException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Looks a domain up that must have a policy. */
  PolicyLookup.Known lookup(DomainName domain) {
    PolicyLookup found = service.lookup(domain).published();
    if (found instanceof PolicyLookup.Known known && known.failure().isEmpty()) {
      return known;
    }
    throw new IllegalStateException("the policy of " + domain + " is not there: " + found);
  }

  @Override
  public void close() {
    service.close();
    stores.close();
  }
}
