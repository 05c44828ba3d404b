package org.jamessts.explain;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What would become of a plain mail to a domain now, and everything that this rests on.
 *
 * @param domain of the recipient, in A-labels
 * @param at when the run began, RFC 3339
 * @param millis how long it took
 * @param connected whether hosts were contacted
 * @param enforcement what becomes of what domains publish: {@code enforce}, {@code report-only} or
 *     {@code off}
 * @param verdict what would become of it
 * @param overrides what the operator says of the domain, the most specific first
 * @param policy what the domain publishes; empty where nobody asked, as of a domain without mail
 * @param routes where mail goes
 * @param hosts in the order in which they are tried
 * @param dns every question to the DNS but for the addresses of policy hosts, in the order of the
 *     answers
 * @param fetches every fetch over HTTPS; none where the kept policy is the one announced
 * @param deferred mail that waits for the domain; empty where the store does not tell
 */
public record ExplainedDelivery(
    String domain,
    String at,
    long millis,
    boolean connected,
    String enforcement,
    Verdict verdict,
    List<ExplainedOverride> overrides,
    Optional<ExplainedPolicy> policy,
    List<ExplainedRoute> routes,
    List<ExplainedHost> hosts,
    List<DnsStep> dns,
    List<FetchStep> fetches,
    Optional<DeferredSummary> deferred) {

  /** What would become of the mail. */
  public enum Outcome {
    /** A host was asked, and would get it with all satisfied that is demanded. */
    DELIVERED,
    /** No host was asked; nothing that is known stands in the way. */
    TRIED,
    /** It would wait. */
    DEFERRED,
    /** Its sender would be told that it failed. */
    BOUNCED,
    /** That was not found out in time. */
    UNKNOWN;

    /** The word in JSON. */
    @JsonValue
    public String keyword() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The verdict.
   *
   * @param outcome what would become of the mail
   * @param host which one would get it, or be tried first
   * @param how over which channel it would go, or what the host has to show
   * @param code basic and enhanced code, as a sender would read it
   * @param why it would not be delivered
   */
  public record Verdict(
      Outcome outcome,
      Optional<String> host,
      String how,
      Optional<String> code,
      Optional<ExplainedReason> why) {}

  /**
   * Mail that waits.
   *
   * @param mails how many, as far as they were counted
   * @param more whether there are more than that
   * @param nextAttempt when the next one is tried, RFC 3339
   * @param explanation why the next one waits
   */
  public record DeferredSummary(
      int mails, boolean more, Optional<String> nextAttempt, Optional<String> explanation) {}

  /** For people: the verdict first. */
  public String toText() {
    return new ExplanationText(this).toString();
  }
}
