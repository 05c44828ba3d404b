package org.jamessts.received;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A report that arrived: who sent it about what, and how it went. The document itself is beside it.
 *
 * @param submitter the domain that has signed it
 * @param reportId by which the submitter knows it
 * @param begin of the period that it covers
 * @param end of that period
 * @param policyDomains about whom it is; in the order of their names
 * @param successfulSessions how many sessions went well
 * @param failedSessions how many did not
 * @param receivedAt when it arrived
 */
public record KeptReport(
    String submitter,
    String reportId,
    Instant begin,
    Instant end,
    List<String> policyDomains,
    long successfulSessions,
    long failedSessions,
    Instant receivedAt) {

  public KeptReport {
    policyDomains = policyDomains.stream().distinct().sorted().toList();
  }

  /**
   * What tells reports apart, since an id is unique to its submitter at best: 64 hexadecimal digits
   * that stand for submitter, id, period and domains.
   */
  public String key() {
    List<String> parts =
        new ArrayList<>(List.of(submitter, reportId, begin.toString(), end.toString()));
    parts.addAll(policyDomains);
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        sha.update(part.getBytes(UTF_8));
        // No part has this octet in it: it is none of UTF-8.
        sha.update((byte) 0xff);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JRE has SHA-256", e);
    }
  }
}
