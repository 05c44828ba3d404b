package org.jamessts.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.decide.Verdict;
import org.jamessts.explain.ExplainedHost;
import org.jamessts.explain.ExplainedHost.Check;
import org.jamessts.explain.ExplainedHost.Contact;
import org.jamessts.explain.ExplainedReason;

/** What a dry run notes of one host. Not for use by several threads. */
final class HostNotes {

  private final Target target;
  private final Need need;
  private final List<Contact> contacts = new ArrayList<>();
  private final List<ExplainedReason> obstacles = new ArrayList<>();

  HostNotes(Target target, Need need) {
    this.target = target;
    this.need = need;
  }

  void contact(Contact contact) {
    contacts.add(contact);
  }

  void obstacle(Reason why) {
    obstacles.add(ExplainedReason.of(why.why()));
  }

  /** Whether one of its addresses has shown what the others would. */
  boolean isAnswered() {
    return contacts.stream().anyMatch(contact -> !contact.channel().isEmpty());
  }

  /** What each promise of the domain says. */
  static List<Check> checks(Need need, Function<TlsRequirement, Verdict> judgement) {
    return need.reported().stream()
        .map(
            one -> {
              Verdict verdict = judgement.apply(one.asked());
              return new Check(
                  one.policy().type().keyword(),
                  one.asked().describe(),
                  verdict.finding().isEmpty(),
                  verdict.finding().map(finding -> ExplainedReason.of(finding.why())));
            })
        .toList();
  }

  ExplainedHost explained() {
    return new ExplainedHost(
        target.host().name().value(),
        target.host().preference(),
        need.requirement().describe(),
        need.requirement().enforced(),
        checks(need, asked -> asked.admit(need.host())),
        ExplainedHost.addresses(target.addresses()),
        ExplainedHost.addressDetail(target.addresses()),
        ExplainedHost.Tlsa.of(target.dane().lookup()),
        List.copyOf(contacts),
        List.copyOf(obstacles));
  }
}
