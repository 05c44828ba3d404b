package org.jamessts.policy;

import java.util.Optional;

/** What becomes of mail when nobody can tell whether its domain has a policy, and none is kept. */
public enum WithoutPolicy {
  /** It goes as if there were no policy, as RFC 8461 §10.2 presumes. */
  DELIVER {
    @Override
    PolicyLookup after(PolicyFailure failure) {
      return new PolicyLookup.None(failure.detail(), Optional.of(failure));
    }
  },
  /** It waits until somebody can tell. */
  DEFER {
    @Override
    PolicyLookup after(PolicyFailure failure) {
      return new PolicyLookup.Unclear(failure);
    }
  };

  abstract PolicyLookup after(PolicyFailure failure);
}
