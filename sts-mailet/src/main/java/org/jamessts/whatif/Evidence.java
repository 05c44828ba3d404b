package org.jamessts.whatif;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jamessts.decide.AllOf;
import org.jamessts.decide.DaneRequirement;
import org.jamessts.decide.DraftRequirement;
import org.jamessts.decide.MinimumRequirement;
import org.jamessts.decide.StsRequirement;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.override.Minimum;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ResultType;

/**
 * What sessions with the hosts of a domain have shown, as it was counted for reports (RFC 8460): a
 * session counts for a requirement where it was judged by what that requirement asks for.
 *
 * @param sessions the counts of some days
 */
record Evidence(List<PolicySummary> sessions) {

  /** What the counts say of a requirement. */
  enum Answer {
    /** Sessions have satisfied it. */
    SATISFIED,
    /** Sessions have failed by it, and none has satisfied it. */
    BROKEN,
    /** No session tells. */
    SILENT
  }

  Evidence {
    sessions = List.copyOf(sessions);
  }

  Answer of(TlsRequirement requirement) {
    if (requirement instanceof AllOf all) {
      Set<Answer> answers = EnumSet.noneOf(Answer.class);
      all.members().forEach(member -> answers.add(of(member)));
      if (answers.contains(Answer.BROKEN)) {
        return Answer.BROKEN;
      }
      return answers.contains(Answer.SILENT) ? Answer.SILENT : Answer.SATISFIED;
    }
    Set<AppliedPolicy.Type> judging = judging(requirement);
    boolean satisfied =
        sessions.stream()
            .anyMatch(day -> judging.contains(day.policy().type()) && day.successfulSessions() > 0);
    if (satisfied) {
      return Answer.SATISFIED;
    }
    return failures(requirement).isEmpty() ? Answer.SILENT : Answer.BROKEN;
  }

  /** Sessions under which policies were held to all that a requirement asks for. */
  private static Set<AppliedPolicy.Type> judging(TlsRequirement requirement) {
    if (requirement instanceof StsRequirement) {
      return EnumSet.of(AppliedPolicy.Type.STS);
    }
    if (requirement instanceof DraftRequirement) {
      return EnumSet.of(AppliedPolicy.Type.DRAFT);
    }
    if (requirement instanceof DaneRequirement) {
      return EnumSet.of(AppliedPolicy.Type.TLSA);
    }
    if (requirement instanceof MinimumRequirement minimum) {
      return minimum.minimum() == Minimum.REQUIRE_TLS
          ? EnumSet.allOf(AppliedPolicy.Type.class)
          : EnumSet.of(AppliedPolicy.Type.STS);
    }
    return EnumSet.noneOf(AppliedPolicy.Type.class);
  }

  /** Which failures break a requirement, whatever policy the session was under. */
  private static boolean breaks(
      TlsRequirement requirement, AppliedPolicy.Type type, ResultType failure) {
    boolean judged = judging(requirement).contains(type) && !isTlsAlone(requirement);
    return switch (failure) {
      case STARTTLS_NOT_SUPPORTED -> true;
      // Without a policy, no certificate was looked at: there was no TLS.
      case VALIDATION_FAILURE -> judged || type == AppliedPolicy.Type.NO_POLICY_FOUND;
      case CERTIFICATE_HOST_MISMATCH,
          CERTIFICATE_EXPIRED,
          CERTIFICATE_NOT_TRUSTED,
          TLSA_INVALID,
          SENDER_DOES_NOT_SUPPORT_VALIDATION_METHOD ->
          judged;
      // About what was looked up, not about a session with a host.
      case DNSSEC_INVALID,
          DANE_REQUIRED,
          STS_POLICY_FETCH_ERROR,
          STS_POLICY_INVALID,
          STS_WEBPKI_INVALID ->
          false;
    };
  }

  private static boolean isTlsAlone(TlsRequirement requirement) {
    return requirement instanceof MinimumRequirement minimum
        && minimum.minimum() == Minimum.REQUIRE_TLS;
  }

  /** The failures by which a requirement was broken, in words. */
  List<String> failures(TlsRequirement requirement) {
    if (requirement instanceof AllOf all) {
      return all.members().stream()
          .filter(member -> of(member) == Answer.BROKEN)
          .flatMap(member -> failures(member).stream())
          .distinct()
          .toList();
    }
    List<String> words = new ArrayList<>();
    for (PolicySummary day : sessions) {
      for (CountedFailure counted : day.failures()) {
        if (breaks(requirement, day.policy().type(), counted.failure().type())) {
          words.add(
              "%d sessions failed (%s): %s"
                  .formatted(
                      counted.sessions(),
                      counted.failure().type().keyword(),
                      counted.failure().reason()));
        }
      }
    }
    return words.stream().distinct().toList();
  }
}
