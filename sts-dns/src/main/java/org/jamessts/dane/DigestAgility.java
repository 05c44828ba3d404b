package org.jamessts.dane;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.TlsaRecord;

/**
 * Which digests are believed, and which of two is believed rather than the other (RFC 7671 §9).
 *
 * @param strongestFirst each at most once; a record with another one cannot be used
 */
public record DigestAgility(List<Digest> strongestFirst) {

  /** All of them, the longest first. */
  public static final DigestAgility STANDARD =
      new DigestAgility(List.of(Digest.SHA2_512, Digest.SHA2_256));

  /** Refuses an order without digests, or with one that stands twice. */
  public DigestAgility {
    strongestFirst = List.copyOf(strongestFirst);
    if (strongestFirst.isEmpty() || new HashSet<>(strongestFirst).size() < strongestFirst.size()) {
      throw new IllegalArgumentException("no order of digests: " + strongestFirst);
    }
  }

  boolean believes(Digest digest) {
    return strongestFirst.contains(digest);
  }

  /** Whether a record has full data, or no other of its usage and selector a stronger digest. */
  boolean keeps(TlsaRecord record, List<TlsaRecord> usable) {
    Optional<Digest> digest = Digest.of(record.matchingType());
    return digest.isEmpty()
        || usable.stream()
            .filter(other -> other.usage() == record.usage())
            .filter(other -> other.selector() == record.selector())
            .flatMap(other -> Digest.of(other.matchingType()).stream())
            .noneMatch(other -> rank(other) < rank(digest.get()));
  }

  private int rank(Digest digest) {
    return strongestFirst.indexOf(digest);
  }
}
