package org.jamessts.attack;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jamessts.testing.PolicyHostEffect;

/** What somebody on the path makes of a domain now. Nothing set is a path without him. */
final class Attacker {

  /** Where the names of the domain lead. */
  enum Address {
    /** To the domain. */
    HONEST,
    /** To the attacker's own server. */
    FORGED,
    /** Nowhere: the name does not exist. */
    NONE,
    /** The question is not answered. */
    FAILING,
    /** To where nobody listens. */
    BLOCKED
  }

  /** What the attacker's server presents. */
  enum Certificate {
    /** For the right name, by an authority that nobody trusts. */
    UNTRUSTED,
    /** By a trusted authority, for the attacker's own name. */
    OTHER_NAME,
    /** Once good. */
    EXPIRED
  }

  private Optional<TxtView> txt = Optional.empty();
  private Optional<TxtView> draftTxt = Optional.empty();
  private Address address = Address.HONEST;
  private Certificate certificate = Certificate.UNTRUSTED;
  private String body = "";
  private Optional<PolicyHostEffect> answer = Optional.empty();
  private final Map<String, DraftText> uploads = new LinkedHashMap<>();

  void goAway() {
    txt = Optional.empty();
    draftTxt = Optional.empty();
    openHttps();
  }

  /** The way to the policy host is free; the DNS stays as it is. */
  void openHttps() {
    address = Address.HONEST;
    answer = Optional.empty();
  }

  void forge(TxtView records) {
    txt = Optional.of(records);
  }

  void forgeDraft(TxtView records) {
    draftTxt = Optional.of(records);
  }

  void lead(Address where) {
    openHttps();
    address = where;
  }

  /** The domain's names lead to a server that presents this and serves that. */
  void impersonate(Certificate presented, String served) {
    lead(Address.FORGED);
    certificate = presented;
    body = served;
  }

  /** What comes from the true host is something else than what it was asked for. */
  void distort(PolicyHostEffect effect) {
    openHttps();
    answer = Optional.of(effect);
  }

  /** A user of the domain's web server puts something there. */
  void upload(String path, DraftText text) {
    uploads.put(path, text);
  }

  TxtView txt(Domain domain) {
    return txt.orElseGet(domain::txt);
  }

  TxtView draftTxt(Domain domain) {
    return draftTxt.orElseGet(domain::draftTxt);
  }

  Address address() {
    return address;
  }

  Certificate certificate() {
    return certificate;
  }

  String body() {
    return body;
  }

  Optional<PolicyHostEffect> answer() {
    return answer;
  }

  Map<String, DraftText> uploads() {
    return uploads;
  }

  /** Whether a request reaches the domain's own server, and its answer comes back as it is. */
  boolean letsHttpsThrough() {
    return address == Address.HONEST && answer.isEmpty();
  }

  boolean isAway() {
    return letsHttpsThrough() && txt.isEmpty() && draftTxt.isEmpty();
  }
}
