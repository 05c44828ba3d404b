package org.jamessts.testing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * What one zone says at one moment: its own names, the delegations from it and, if it is signed,
 * its signatures and proofs. {@link ZoneTree} fills it; then it does not change any more.
 *
 * <p>Names sort in the canonical order of RFC 4034 §6.1, in which a name stands right before the
 * names below it.
 */
final class Zone {

  private final Name apex;
  private final @Nullable Signing signing;
  private final NavigableMap<Name, NavigableMap<Integer, RRset>> names = new TreeMap<>();
  private final NavigableSet<Name> delegations = new TreeSet<>();
  private final Map<RRset, List<RRSIGRecord>> signatures = new ConcurrentHashMap<>();
  private @Nullable DenialChain denial;

  Zone(Name apex, @Nullable Signing signing) {
    this.apex = apex;
    this.signing = signing;
  }

  Name apex() {
    return apex;
  }

  /** Null when the zone is not signed. */
  @Nullable Signing signing() {
    return signing;
  }

  void add(Record record) {
    names
        .computeIfAbsent(record.getName(), name -> new TreeMap<>())
        .computeIfAbsent(record.getType(), type -> new RRset())
        .addRR(record);
  }

  /** From now on, this name and all below it are said by another zone. */
  void delegate(Name name) {
    delegations.add(name);
  }

  /** The owners of records, delegations among them. */
  NavigableSet<Name> owners() {
    return names.navigableKeySet();
  }

  NavigableSet<Name> delegations() {
    return delegations;
  }

  /** Also true of an empty non-terminal: a name that only has names below it (RFC 8020 §2). */
  boolean exists(Name name) {
    Name next = names.ceilingKey(name);
    return next != null && next.subdomain(name);
  }

  /** The longest name above this one that exists (RFC 4592 §3.3.1). */
  Name closestEncloser(Name name) {
    Name encloser = parent(name);
    while (!exists(encloser)) {
      encloser = parent(encloser);
    }
    return encloser;
  }

  /** Of whom an answer about the name is made: itself, or a wildcard, or else null. */
  @Nullable Name source(Name name) {
    if (exists(name)) {
      return name;
    }
    Name wildcard = wildcard(closestEncloser(name));
    return exists(wildcard) ? wildcard : null;
  }

  @Nullable RRset find(Name name, int type) {
    NavigableMap<Integer, RRset> found = names.get(name);
    return found == null ? null : found.get(type);
  }

  /** The DNAME that redirects all names below its own, this one among them (RFC 6672 §2.3). */
  @Nullable RRset dnameAbove(Name name) {
    RRset found = null;
    for (Name above = name; found == null && !above.equals(apex); ) {
      above = parent(above);
      found = find(above, Type.DNAME);
    }
    return found;
  }

  Collection<RRset> findAll(Name name) {
    NavigableMap<Integer, RRset> found = names.get(name);
    return found == null ? List.of() : found.values();
  }

  /** What a proof says of the types of a name (RFC 4034 §4.1.2), itself left out. */
  NavigableSet<Integer> typesOf(Name name) {
    NavigableSet<Integer> types =
        new TreeSet<>(names.getOrDefault(name, new TreeMap<>()).navigableKeySet());
    if (types.stream().anyMatch(type -> isAuthoritative(name, type))) {
      types.add(Type.RRSIG);
    }
    return types;
  }

  /** The signatures of an RRset of this zone; none for one that only delegates, or unsigned. */
  List<RRSIGRecord> signatures(RRset rrset) {
    if (signing == null || !isAuthoritative(rrset.getName(), rrset.getType())) {
      return List.of();
    }
    return signatures.computeIfAbsent(rrset, unsigned -> sign(unsigned, signing));
  }

  /** Null when the zone is not signed, and so can prove nothing. */
  synchronized @Nullable DenialChain denial() {
    if (denial == null && signing != null) {
      denial = signing.denial().hashed() ? new Nsec3Chain(this, signing) : new NsecChain(this);
    }
    return denial;
  }

  /** The parent signs the DS and the proof of a delegation, not its NS (RFC 4035 §2.2). */
  private boolean isAuthoritative(Name name, int type) {
    return type != Type.NS || !delegations.contains(name);
  }

  private List<RRSIGRecord> sign(RRset rrset, Signing how) {
    return how.keys().stream()
        .filter(key -> key.role().signs(rrset.getType()))
        .map(key -> key.sign(rrset, apex, how.inception(), how.expiration()))
        .toList();
  }

  static Name parent(Name name) {
    return new Name(name, 1);
  }

  static Name wildcard(Name encloser) {
    try {
      return Name.concatenate(Name.fromConstantString("*"), encloser);
    } catch (NameTooLongException e) {
      throw new IllegalArgumentException(encloser.toString(), e);
    }
  }

  /** A set of types in the form that {@link NSECRecord} and its like want. */
  static int[] array(Collection<Integer> types) {
    return types.stream().mapToInt(Integer::intValue).toArray();
  }
}
