package org.jamessts.webadmin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import org.jamessts.policy.LookupFailure;
import org.jamessts.policy.PastPolicy;

/**
 * All that is known of a domain's policy, as JSON: the policy that applies, and what is around it.
 *
 * @param policy that which applies; its names stand among those of this
 * @param beside other policies of the domain: of the draft of 2016, where there is an MTA-STS
 *     policy, and a candidate
 * @param lastFailure what went wrong last, on this server since its start; null where nothing did
 * @param history policies that gave way to others, the latest first; null while the store fails
 */
record PolicyDetailsDto(
    @JsonUnwrapped PolicyDto policy,
    List<PolicyDto> beside,
    Optional<FailureDto> lastFailure,
    Optional<List<PastDto>> history) {

  /**
   * What went wrong.
   *
   * @param at when, RFC 3339
   * @param reason in words
   */
  record FailureDto(String at, String reason) {
    static FailureDto of(LookupFailure failure) {
      return new FailureDto(failure.at().toString(), failure.cause().detail());
    }
  }

  /**
   * A policy that gave way to another.
   *
   * @param source as in {@link PolicyDto}
   * @param id likewise
   * @param text as fetched; of a long one, the beginning
   * @param fetchedAt when it was fetched last, RFC 3339
   * @param replacedAt when the next one was fetched, RFC 3339
   */
  record PastDto(String source, String id, String text, String fetchedAt, String replacedAt) {
    static PastDto of(PastPolicy past) {
      return new PastDto(
          past.slot().keyword(),
          past.id(),
          past.text(),
          past.fetchedAt().toString(),
          past.replacedAt().toString());
    }
  }

  /**
   * @param policies at least one, that which applies first
   */
  static PolicyDetailsDto of(
      List<PolicyDto> policies,
      Optional<LookupFailure> failure,
      Optional<List<PastPolicy>> history) {
    return new PolicyDetailsDto(
        policies.get(0),
        policies.subList(1, policies.size()),
        failure.map(FailureDto::of),
        history.map(all -> all.stream().map(PastDto::of).toList()));
  }
}
