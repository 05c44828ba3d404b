package org.jamessts.testing;

import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSEC3PARAMRecord;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.RRset;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.utils.base16;
import org.xbill.DNS.utils.base32;

/** NSEC3: the hash of each name names the next hash (RFC 5155 §7.1). */
final class Nsec3Chain implements DenialChain {

  private static final int OPT_OUT = 1;
  private static final base32 BASE32HEX = new base32(base32.Alphabet.BASE32HEX, false, true);

  private final Zone zone;
  private final NSEC3PARAMRecord parameters;
  private final boolean optOut;

  /** The owner of each NSEC3, in canonical order, and the name that it speaks of. */
  private final NavigableMap<Name, Name> names = new TreeMap<>();

  Nsec3Chain(Zone zone, Signing signing) {
    this.zone = zone;
    this.parameters = parameters(zone.apex(), signing.denial());
    this.optOut = signing.denial().optOut();
    for (Name owner : zone.owners()) {
      if (!optOut || !isUnsignedDelegation(owner)) {
        addWithEmptyNonTerminals(owner);
      }
    }
  }

  static NSEC3PARAMRecord parameters(Name apex, Denial denial) {
    byte[] salt = denial.salt().isEmpty() ? null : base16.fromString(denial.salt());
    return new NSEC3PARAMRecord(
        apex,
        DClass.IN,
        DnsRecords.NEGATIVE_TTL,
        NSEC3Record.SHA1_DIGEST_ID,
        0,
        denial.iterations(),
        salt);
  }

  @Override
  public Proof noData(Name name) {
    if (names.containsKey(hashed(name))) {
      return proof(false, hashed(name));
    }
    // A delegation that opt-out leaves out of the chain (RFC 5155 §7.2.4).
    return proof(optOut, encloser(name), hashed(nextCloser(name)));
  }

  @Override
  public Proof noName(Name name) {
    Name wildcard = Zone.wildcard(provableEncloser(name));
    return proof(optOut, encloser(name), hashed(nextCloser(name)), hashed(wildcard));
  }

  @Override
  public Proof expanded(Name name) {
    return proof(optOut, hashed(nextCloser(name)));
  }

  /** The records that match or cover these hashes, each once. */
  private Proof proof(boolean uncertain, Name... hashes) {
    NavigableSet<Name> owners = new TreeSet<>();
    Arrays.stream(hashes).map(this::matchingOrCovering).forEach(owners::add);
    return new Proof(owners.stream().map(this::link).toList(), uncertain);
  }

  private Name matchingOrCovering(Name hash) {
    Name owner = names.floorKey(hash);
    return owner == null ? names.lastKey() : owner;
  }

  private RRset link(Name owner) {
    Name next = names.higherKey(owner);
    String nextHash = (next == null ? names.firstKey() : next).getLabelString(0);
    return new RRset(
        new NSEC3Record(
            owner,
            DClass.IN,
            DnsRecords.NEGATIVE_TTL,
            NSEC3Record.SHA1_DIGEST_ID,
            optOut ? OPT_OUT : 0,
            parameters.getIterations(),
            parameters.getSalt(),
            BASE32HEX.fromString(nextHash),
            Zone.array(zone.typesOf(Objects.requireNonNull(names.get(owner))))));
  }

  private boolean isUnsignedDelegation(Name name) {
    return zone.delegations().contains(name) && zone.find(name, Type.DS) == null;
  }

  private void addWithEmptyNonTerminals(Name owner) {
    for (Name name = owner; name.subdomain(zone.apex()); name = Zone.parent(name)) {
      names.put(hashed(name), name);
      if (name.equals(zone.apex())) {
        return;
      }
    }
  }

  /** The closest name above that the chain knows: opt-out may leave out some that exist. */
  private Name provableEncloser(Name name) {
    Name encloser = Zone.parent(name);
    while (!names.containsKey(hashed(encloser))) {
      encloser = Zone.parent(encloser);
    }
    return encloser;
  }

  private Name encloser(Name name) {
    return hashed(provableEncloser(name));
  }

  /** The name one label longer than the closest encloser (RFC 5155 §1.3). */
  private Name nextCloser(Name name) {
    return new Name(name, name.labels() - provableEncloser(name).labels() - 1);
  }

  private Name hashed(Name name) {
    try {
      String hash = BASE32HEX.toString(parameters.hashName(name));
      return Name.concatenate(Name.fromString(hash), zone.apex());
    } catch (NoSuchAlgorithmException | NameTooLongException | TextParseException e) {
      throw new IllegalStateException(name.toString(), e);
    }
  }
}
