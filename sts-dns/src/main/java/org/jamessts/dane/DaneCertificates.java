package org.jamessts.dane;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.x509.CertificateFacts;
import org.jamessts.x509.CertificateFacts.Fault;
import org.jamessts.x509.CertificateFacts.Finding;
import org.jamessts.x509.CertificateFacts.Names;
import org.jamessts.x509.CertificateFacts.Path;
import org.jamessts.x509.CertificateFacts.Trusted;

/**
 * Judges what a server presented by TLSA records (RFC 7671 §5). A pure function of its arguments;
 * safe for use by many threads.
 */
public final class DaneCertificates {

  private static final int MAX_SHOWN = 3;

  /** Digits of a digest are many, and certificates long: enough to find the record by. */
  private static final int MAX_RECORD_SHOWN = 22;

  private final Names names;
  private final Guards guards;

  /**
   * A judge.
   *
   * @param commonNames whether, in a certificate without alternative names, the common name counts
   *     (RFC 7672 §3.2.3; RFC 9525 has given it up)
   * @param guards which guards stand
   */
  public DaneCertificates(boolean commonNames, Guards guards) {
    this.names = commonNames ? Names.DNS_IDS_OR_COMMON_NAME : Names.DNS_IDS;
    this.guards = guards;
  }

  /**
   * Everything that is wrong, for the record that comes nearest to matching; nothing where one
   * matches.
   *
   * @param records at least one usable record
   * @param facts what was presented
   * @param references the names of which the certificate has to have one, where a DANE-TA record
   *     matches (RFC 7672 §3.2.2); of no account to DANE-EE
   * @param now the moment of judgement
   */
  public List<Finding> faults(
      TlsaSet records, CertificateFacts facts, Set<DomainName> references, Instant now) {
    if (isEndEntity(records, facts)) {
      return List.of();
    }
    List<TlsaRecord> anchors = ofUsage(records, Rfc7218.DANE_TA);
    if (anchors.isEmpty()) {
      return List.of(noMatch(records, facts));
    }
    return path(new TrustAnchorRecords(anchors), facts, now)
        .map(path -> faultsAlong(path, facts, references, now))
        .orElseGet(() -> List.of(noMatch(records, facts)));
  }

  /** RFC 7672 §3.1.1: the leaf or its key, and neither names nor dates nor who has signed it. */
  private boolean isEndEntity(TlsaSet records, CertificateFacts facts) {
    List<TlsaRecord> ends = ofUsage(records, Rfc7218.DANE_EE);
    return facts.chain().stream()
        .limit(guards.stand(Guard.DANE_EE_IS_THE_LEAF) ? 1 : Long.MAX_VALUE)
        .anyMatch(
            certificate ->
                ends.stream().anyMatch(record -> Association.matches(record, certificate)));
  }

  /** Empty where the chain has nothing to do with any trust anchor. */
  private Optional<Path> path(TrustAnchorRecords anchors, CertificateFacts facts, Instant now) {
    if (guards.stand(Guard.DANE_TA_HAS_SIGNED)) {
      return facts.pathTo(anchors, now);
    }
    return anchors.among(facts.chain()).isEmpty()
        ? Optional.empty()
        : Optional.of(Trusted.during(facts.chain().subList(0, 1)));
  }

  private List<Finding> faultsAlong(
      Path path, CertificateFacts facts, Set<DomainName> references, Instant now) {
    Path dated =
        path instanceof Trusted && !guards.stand(Guard.DANE_TA_DATES)
            ? new Trusted(Instant.MIN, Instant.MAX)
            : path;
    return facts.faultsAlong(dated, references, now, names).stream()
        .filter(
            finding -> finding.fault() != Fault.HOST_MISMATCH || guards.stand(Guard.DANE_TA_NAMES))
        .toList();
  }

  private static List<TlsaRecord> ofUsage(TlsaSet records, int usage) {
    return records.records().stream().filter(record -> record.usage() == usage).toList();
  }

  private static Finding noMatch(TlsaSet records, CertificateFacts facts) {
    List<TlsaRecord> all = records.records();
    String shown =
        all.stream()
            .limit(MAX_SHOWN)
            .map(DaneCertificates::shown)
            .collect(Collectors.joining(", "));
    return new Finding(
        Fault.NO_TLSA_MATCH,
        "certificate matches no TLSA record of "
            + records.base()
            + ": "
            + shown
            + (all.size() > MAX_SHOWN ? " and " + (all.size() - MAX_SHOWN) + " more" : "")
            + "; it is "
            + Association.suggestion(facts.chain().get(0)));
  }

  private static String shown(TlsaRecord record) {
    String text = record.toString();
    return text.length() <= MAX_RECORD_SHOWN ? text : text.substring(0, MAX_RECORD_SHOWN) + "...";
  }
}
