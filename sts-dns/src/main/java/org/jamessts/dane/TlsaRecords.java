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
 *
 * @param digests which are believed, and which rather than others
 */
record TlsaRecords(DigestAgility digests) {

  /**
   * Records that are kept of one host. A host that changes keys and authorities at once has some
   * eight; an answer of the DNS may hold thousands, and each is compared with certificates, or
   * tried as their signer, for every session. What is left out can only make a host fail, never
   * pass.
   */
  static final int MAX_RECORDS = 32;

  private static final int MAX_REASONS = 3;

  /**
   * What proven records promise.
   *
   * @param base where they stand
   * @param raw at least one, as the DNS has them
   * @return {@link DaneLookup.Usable} or {@link DaneLookup.Unusable}
   */
  DaneLookup parse(DomainName base, List<TlsaRecord> raw) {
    List<TlsaRecord> usable = new ArrayList<>();
    Set<String> flaws = new LinkedHashSet<>();
    for (TlsaRecord record : new LinkedHashSet<>(raw)) {
      Optional<String> flaw = flaw(record);
      flaw.ifPresentOrElse(flaws::add, () -> usable.add(record));
    }
    if (usable.isEmpty()) {
      return new DaneLookup.Unusable(
          base,
          raw.stream().distinct().limit(MAX_RECORDS).toList(),
          "no TLSA record can be used: " + shown(flaws));
    }
    return new DaneLookup.Usable(
        new TlsaSet(
            base,
            usable.stream()
                .filter(record -> digests.keeps(record, usable))
                .limit(MAX_RECORDS)
                .toList()));
  }

  /** Why a record cannot be used, if it cannot. */
  private Optional<String> flaw(TlsaRecord record) {
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

  private Optional<String> flawOfData(TlsaRecord record) {
    return record.matchingType() == Rfc7218.FULL
        ? flawOfFullData(record)
        : Digest.of(record.matchingType())
            .map(digest -> flawOfDigest(record, digest))
            .orElseGet(() -> Optional.of("matching type " + record.matchingType() + " is unknown"));
  }

  private Optional<String> flawOfDigest(TlsaRecord record, Digest digest) {
    if (!digests.believes(digest)) {
      return Optional.of("a " + digest.acronym() + " digest, which the operator does not believe");
    }
    return record.length() == digest.length()
        ? Optional.empty()
        : Optional.of("a " + digest.acronym() + " digest of " + record.length() + " octets");
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
