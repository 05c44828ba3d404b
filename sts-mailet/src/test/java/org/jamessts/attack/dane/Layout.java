package org.jamessts.attack.dane;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How the mail of a domain finds its host, and where the TLSA records of the host stand. */
enum Layout {
  /** Everything is in one zone. */
  DIRECT("good.example", "mx.good.example"),
  /** The records are in a signed zone of their own. */
  CUT("good.example", "cut.good.example"),
  /** The records are in a zone that is not signed. */
  LOOSE("good.example", "loose.good.example"),
  /** The host is an alias, and the records stand at the name that it stands for. */
  ALIAS("good.example", "mx.good.example", "real.provider.example", true),
  /** The host is an alias, and the records stand at the alias. */
  ALIAS_ITSELF("good.example", "mx.good.example", "real.provider.example", false),
  /** The same, where unproven records may stand at the name that it stands for. */
  ALIAS_LOOSE("good.example", "mx.good.example", "loose.provider.example", false),
  /** The same, where nothing proves the addresses. */
  ALIAS_AWAY("good.example", "mx.good.example", "real.plain.test", false),
  /** Nothing proves the MX records. */
  INSECURE_MX("plain.test", "mx.good.example");

  private final String domain;
  private final String mx;
  private final Optional<String> target;
  private final String base;

  Layout(String domain, String mx) {
    this.domain = domain;
    this.mx = mx;
    this.target = Optional.empty();
    this.base = mx;
  }

  Layout(String domain, String mx, String target, boolean atTarget) {
    this.domain = domain;
    this.mx = mx;
    this.target = Optional.of(target);
    this.base = atTarget ? target : mx;
  }

  /** Where the mail goes. */
  String domain() {
    return domain;
  }

  /** The name in the MX record. */
  String mx() {
    return mx;
  }

  /** What that name is an alias for. */
  Optional<String> target() {
    return target;
  }

  /** The TLSA base domain at which the owner's records stand. */
  String base() {
    return base;
  }

  /** All base domains at which records of the host may be asked for. */
  List<String> bases() {
    return Stream.concat(target.stream(), Stream.of(mx)).toList();
  }

  /** Those of which DNSSEC proves what they say, in the order in which they count. */
  List<String> provenBases() {
    return switch (this) {
      case DIRECT, CUT, ALIAS, ALIAS_ITSELF -> bases();
      case ALIAS_LOOSE, ALIAS_AWAY -> List.of(mx);
      case LOOSE, INSECURE_MX -> List.of();
    };
  }

  /** Whether somebody on the path can lead mail for the host to any address. */
  boolean leadsAnywhere() {
    return this == ALIAS_AWAY || this == INSECURE_MX;
  }
}
