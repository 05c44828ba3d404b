package org.jamessts.whatif;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.DomainPattern;
import org.jamessts.override.Minimum;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyLookup;

/**
 * Rules other than those of now; what it does not change stays as it is.
 *
 * @param dane whether TLSA records hold though they may be switched off
 * @param enforce which policies hold mail back, whatever is enforced now
 * @param minimum what the hosts of every domain must have at least
 */
public record Scenario(boolean dane, Optional<Enforce> enforce, Optional<Minimum> minimum) {

  /** Which policies hold mail back. */
  public enum Enforce {
    /** As their domains have said it, and the operator, were {@code enforcement=enforce} set. */
    PUBLISHED("published"),
    /**
     * Those in mode {@code testing}, too, and those of the draft of 2016 though they may only be
     * reported.
     */
    ALL("all");

    private final String keyword;

    Enforce(String keyword) {
      this.keyword = keyword;
    }

    /** The word for it in a request. */
    public String keyword() {
      return keyword;
    }
  }

  /** Refuses one that changes nothing. */
  public Scenario {
    if (!dane && enforce.isEmpty() && minimum.isEmpty()) {
      throw new IllegalArgumentException("nothing is changed");
    }
  }

  /** To what mail for a domain would be held. */
  DomainPolicy applied(DomainPolicy policy) {
    List<DomainOverride> overrides = new ArrayList<>(policy.overrides());
    // Last: what lets something pass is that of the most specific, which comes first.
    minimum.map(demanded -> override(policy, demanded)).ifPresent(overrides::add);
    boolean all = enforce.filter(Enforce.ALL::equals).isPresent();
    return new DomainPolicy(
        policy.domain(), all ? enforced(policy.published()) : policy.published(), overrides);
  }

  private static DomainOverride override(DomainPolicy policy, Minimum minimum) {
    return new DomainOverride(
        new DomainPattern(false, policy.domain()),
        Optional.of(minimum),
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        "");
  }

  private static PolicyLookup enforced(PolicyLookup published) {
    if (published instanceof PolicyLookup.Known known
        && known.policy().policy().mode() == StsMode.TESTING) {
      return new PolicyLookup.Known(enforced(known.policy()), known.failure());
    }
    return published instanceof PolicyLookup.Draft draft
        ? new PolicyLookup.Draft(draft.policy(), draft.successor(), false, draft.failure())
        : published;
  }

  private static KnownMtaStsPolicy enforced(KnownMtaStsPolicy known) {
    StsPolicy policy = known.policy();
    return new KnownMtaStsPolicy(
        known.domain(),
        known.id(),
        new StsPolicy(StsMode.ENFORCE, policy.mx(), policy.maxAge(), policy.text()),
        known.fetchedAt(),
        known.origin());
  }

  /** As a request says it. */
  public String describe() {
    List<String> words = new ArrayList<>();
    if (dane) {
      words.add("dane=on");
    }
    enforce.map(Enforce::keyword).ifPresent(which -> words.add("enforce=" + which));
    minimum.ifPresent(demanded -> words.add("minimum=" + demanded.keyword()));
    return String.join(" ", words);
  }
}
