package org.jamessts.dane;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;

/**
 * Tells the records that can be used from those that cannot (RFC 6698 §4.1, RFC 7672 §3.1), and
 * keeps of the former the strongest (RFC 7671 §9).
 */
final class TlsaRecords {

  /**
   * Records that are kept of one host. A host that changes keys and authorities at once has some
   * eight; an answer of the DNS may hold thousands, and each is compared with certificates, or
   * tried as their signer, for every session. What is left out can only make a host fail, never
   * pass.
   */
  static final int MAX_RECORDS = 32;

  private static final int MAX_REASONS = 3;

  private TlsaRecords() {}

  /**
   * What proven records promise.
   *
   * @param base where they stand
   * @param raw at least one, as the DNS has them
   * @return {@link DaneLookup.Usable} or {@link DaneLookup.Unusable}
   */
  static DaneLookup parse(DomainName base, List<TlsaRecord> raw) {
    List<TlsaRecord> usable = new ArrayList<>();
    Set<String> flaws = new LinkedHashSet<>();
    for (TlsaRecord record : new LinkedHashSet<>(raw)) {
      Optional<String> flaw = flaw(record);
      flaw.ifPresentOrElse(flaws::add, () -> usable.add(record));
    }
    if (usable.isEmpty()) {
      return new DaneLookup.Unusable(base, "no TLSA record can be used: " + shown(flaws));
    }
    return new DaneLookup.Usable(
        new TlsaSet(
            base,
            usable.stream()
                .filter(record -> isStrongest(record, usable))
                .limit(MAX_RECORDS)
                .toList()));
  }

  /** Digest agility: full data, and the strongest digest for its usage and selector. */
  private static boolean isStrongest(TlsaRecord record, List<TlsaRecord> usable) {
    return record.matchingType() != Rfc7218.SHA2_256
        || usable.stream()
            .noneMatch(
                other ->
                    other.matchingType() == Rfc7218.SHA2_512
                        && other.usage() == record.usage()
                        && other.selector() == record.selector());
  }

  /** Why a record cannot be used, if it cannot. */
  private static Optional<String> flaw(TlsaRecord record) {
    return switch (record.usage()) {
      case 0, 1 -> Optional.of("usage " + record.usage() + " is not for SMTP (RFC 7672 §3.1.3)");
      case Rfc7218.DANE_TA, Rfc7218.DANE_EE ->
          switch (record.selector()) {
            case Rfc7218.CERT, Rfc7218.SPKI -> flawOfData(record);
            default -> Optional.of("selector " + record.selector() + " is unknown");
          };
      default -> Optional.of("usage " + record.usage() + " is unknown");
    };
  }

  private static Optional<String> flawOfData(TlsaRecord record) {
    return switch (record.matchingType()) {
      case Rfc7218.FULL -> flawOfFullData(record);
      case Rfc7218.SHA2_256 -> flawOfDigest(record, "SHA2-256", 32);
      case Rfc7218.SHA2_512 -> flawOfDigest(record, "SHA2-512", 64);
      default -> Optional.of("matching type " + record.matchingType() + " is unknown");
    };
  }

  private static Optional<String> flawOfDigest(TlsaRecord record, String digest, int length) {
    return record.length() == length
        ? Optional.empty()
        : Optional.of("a " + digest + " digest of " + record.length() + " octets");
  }

  private static Optional<String> flawOfFullData(TlsaRecord record) {
    if (record.selector() == Rfc7218.CERT) {
      return Association.certificate(record).isPresent()
          ? Optional.empty()
          : Optional.of("full data that is no certificate");
    }
    return Association.key(record).isPresent()
        ? Optional.empty()
        : Optional.of("full data that is no public key");
  }

  private static String shown(Set<String> flaws) {
    String first = String.join("; ", flaws.stream().limit(MAX_REASONS).toList());
    return flaws.size() <= MAX_REASONS ? first : first + "; and more";
  }
}
