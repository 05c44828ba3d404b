package org.jamessts.attack;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.testing.PrivateCa.Credential;

/** An honest domain: what it publishes in both systems, and what it published before. */
final class Domain {

  final String name;
  final Credential credential;

  private int version;
  private Optional<String> id = Optional.empty();
  private Optional<PolicyText> policy = Optional.empty();
  private boolean idTellsTheBody = true;
  private Optional<DraftText> record = Optional.empty();
  private Optional<DraftText> file = Optional.empty();
  private final Set<String> draftPaths = new LinkedHashSet<>();
  private final List<String> ids = new ArrayList<>();
  private final List<PolicyText> policies = new ArrayList<>();
  private final List<DraftText> drafts = new ArrayList<>();

  Domain(String name, Credential credential) {
    this.name = name;
    this.credential = credential;
  }

  /** A host name that no other version lists. */
  String nextMx() {
    return "mx" + ++version + "." + name;
  }

  /** A new body under a new id. */
  void publish(PolicyText body) {
    id = Optional.of("h" + ++version);
    ids.add(id.get());
    change(body);
    idTellsTheBody = true;
  }

  /** A new body of which the record says nothing. */
  void change(PolicyText body) {
    policy = Optional.of(body);
    policies.add(body);
    idTellsTheBody = false;
  }

  /** The record of RFC 8461 goes; the policy host stays. */
  void withdrawRecord() {
    id = Optional.empty();
  }

  /** A record of the draft and the file beside it, which lies also at all earlier places. */
  void publish(DraftText draft) {
    record = Optional.of(draft);
    publishFile(draft);
    drafts.add(draft);
  }

  /** The file alone; the record lags behind. */
  void publishFile(DraftText draft) {
    file = Optional.of(draft);
    draft.path().ifPresent(draftPaths::add);
  }

  TxtView txt() {
    return TxtView.of(id.map(known -> "v=STSv1; id=" + known + ";").stream().toList());
  }

  TxtView draftTxt() {
    return TxtView.of(record.map(DraftText::text).stream().toList());
  }

  Optional<PolicyText> policy() {
    return policy;
  }

  /** The policy that everybody must get who is not hindered, if there is such a one. */
  Optional<PolicyText> announced() {
    return id.isPresent() && idTellsTheBody
        ? policy.filter(PolicyText::isPolicy)
        : Optional.empty();
  }

  /** The same for the draft. */
  Optional<DraftText> announcedDraft() {
    return record.equals(file) ? record : Optional.empty();
  }

  /** Whether a fetch cannot fail for a mistake of the domain's own. */
  boolean isConsistent() {
    return policy.stream().allMatch(PolicyText::isPolicy) && record.equals(file);
  }

  Optional<DraftText> file() {
    return file;
  }

  Set<String> draftPaths() {
    return draftPaths;
  }

  List<String> pastIds() {
    return ids;
  }

  List<PolicyText> pastPolicies() {
    return policies;
  }

  List<DraftText> pastDrafts() {
    return drafts;
  }
}
