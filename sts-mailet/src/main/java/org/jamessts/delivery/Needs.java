package org.jamessts.delivery;

import java.util.List;
import java.util.Optional;
import org.jamessts.decide.DaneHost;
import org.jamessts.decide.HostRequirements;
import org.jamessts.decide.Opportunistic;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.PolicyLookup;

/** What a mail needs at the hosts of its next hop. */
interface Needs {

  /**
   * At one of them.
   *
   * @param enforcement what becomes of what the domain publishes
   */
  Need at(Target target, Enforcement enforcement);

  /**
   * Whether that is known.
   *
   * @param enforcement as in {@link #at}
   */
  boolean areKnown(Enforcement enforcement);

  /**
   * What follows from all that is known of the domain.
   *
   * @param policy what it publishes, and what the operator says
   * @param asked whether anybody asked what it publishes
   */
  record Published(
      DomainPolicy policy, boolean asked, HostRequirements requirements, SessionLog sessions)
      implements Needs {

    @Override
    public Need at(Target target, Enforcement enforcement) {
      DaneHost dane = target.dane();
      return new Need(
          target.host().name(),
          dane.serverName(),
          requirements.of(policy, dane, enforcement),
          // That no policy was found is not to be reported by who has not looked for one.
          asked ? sessions.reported(policy, dane, requirements) : List.of(),
          sessions.failedLookup(policy.domain(), policy.published()));
    }

    @Override
    public boolean areKnown(Enforcement enforcement) {
      return switch (enforcement) {
        case ENFORCE -> asked && !(policy.published() instanceof PolicyLookup.Unclear);
        case REPORT_ONLY -> asked;
        case OFF -> true;
      };
    }
  }

  /**
   * Of our reports, which tell of TLS that fails: they must arrive all the same (RFC 8460 §3),
   * whatever the domain publishes and the operator demands of it, and reports of reports would
   * never end.
   */
  record OfReport() implements Needs {

    @Override
    public Need at(Target target, Enforcement enforcement) {
      return new Need(
          target.host().name(),
          target.dane().serverName(),
          new Opportunistic(),
          List.of(),
          Optional.empty());
    }

    @Override
    public boolean areKnown(Enforcement enforcement) {
      return true;
    }
  }
}
