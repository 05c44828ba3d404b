package org.jamessts.decide;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownDraftPolicy;

/**
 * Several requirements at once: a mail goes only where all of them let it.
 *
 * @param members at least two
 */
public record AllOf(List<TlsRequirement> members) implements TlsRequirement {

  public AllOf {
    members = List.copyOf(members);
  }

  @Override
  public Verdict admit(DomainName mxHost) {
    return together(member -> member.admit(mxHost));
  }

  @Override
  public Verdict judge(DomainName mxHost, Channel channel, Instant now) {
    return together(member -> member.judge(mxHost, channel, now));
  }

  private Verdict together(Function<TlsRequirement, Verdict> judgement) {
    Optional<Finding> finding = Optional.empty();
    Optional<KnownDraftPolicy> proven = Optional.empty();
    for (TlsRequirement member : members) {
      Verdict verdict = judgement.apply(member);
      if (!(verdict instanceof Verdict.Proceed proceed)) {
        return verdict;
      }
      finding = finding.or(proceed::finding);
      proven = proven.or(proceed::proven);
    }
    return new Verdict.Proceed(finding, proven);
  }

  @Override
  public boolean enforced() {
    return members.stream().anyMatch(TlsRequirement::enforced);
  }

  @Override
  public boolean verifies() {
    return members.stream().anyMatch(TlsRequirement::verifies);
  }

  @Override
  public boolean isVerified(DomainName mxHost, Channel channel, Instant now) {
    return members.stream().anyMatch(member -> member.isVerified(mxHost, channel, now));
  }

  @Override
  public String describe() {
    return members.stream().map(TlsRequirement::describe).collect(Collectors.joining(" and "));
  }
}
