package org.jamessts.decide;

/**
 * The enhanced status codes (RFC 3463) that this project gives its own refusals. No RFC assigns
 * codes to broken MTA-STS policies; these follow the practice of other senders. While a mail is
 * queued the class is 4; when it finally fails the class becomes 5 and the detail stays, so that
 * the sender learns the actual problem (RFC 3463 §3.5, X.4.7).
 */
public enum FailureCode {
  /** The DNS could not be asked. */
  DNS_FAILED("450", "4.4.3", "550", "5.4.4"),
  /** The domain's MX records or their hosts lead nowhere. */
  UNROUTABLE("450", "4.4.4", "550", "5.4.4"),
  /** No host could be reached, or the conversation broke off. */
  NETWORK("451", "4.4.2", "550", "5.4.2"),
  /** More mail waits for the destination than it takes (RFC 3463 X.4.5). */
  BUSY("451", "4.4.5", "550", "5.4.5"),
  /** Nobody can tell what the domain promises, and the operator wants mail to wait for it. */
  POLICY_UNCLEAR("450", "4.7.0", "550", "5.7.0"),
  /** No MX host is covered by the domain's policy. */
  STS_MX_MISMATCH("450", "4.7.0", "550", "5.7.0"),
  /** TLS is required and the host does not give it. */
  STARTTLS_MISSING("450", "4.7.4", "550", "5.7.4"),
  /** TLS is required and no handshake or no valid certificate came of it. */
  TLS_FAILED("450", "4.7.5", "550", "5.7.5"),
  /** This server could not log in to its gateway; never the mail's fault. */
  GATEWAY_LOGIN("450", "4.7.0", "550", "5.7.0"),
  /** Something of our own is broken; never the mail's fault. */
  LOCAL("451", "4.3.5", "550", "5.3.5");

  private final String queuedReply;
  private final String queued;
  private final String finalReply;
  private final String ultimate;

  FailureCode(String queuedReply, String queued, String finalReply, String ultimate) {
    this.queuedReply = queuedReply;
    this.queued = queued;
    this.finalReply = finalReply;
    this.ultimate = ultimate;
  }

  /** The rule behind it, where no policy stands for one. */
  public String rule() {
    return switch (this) {
      case DNS_FAILED, UNROUTABLE -> "RFC 5321 section 5.1";
      case NETWORK -> "RFC 5321 section 4.5.4.1";
      case BUSY -> "lanes.connections and lanes.allConnections of this server";
      case POLICY_UNCLEAR -> "policy.onSlowLookup and policy.onDnsFailure of this server";
      case STS_MX_MISMATCH -> "RFC 8461 section 4.1";
      case STARTTLS_MISSING -> "RFC 3207 section 4";
      case TLS_FAILED -> "RFC 8314 section 3";
      case GATEWAY_LOGIN -> "RFC 4954 section 4";
      case LOCAL -> "this server's own trouble is never the mail's fault";
    };
  }

  /** What would let the mail through, where no policy tells that. */
  public String remedy() {
    return switch (this) {
      case DNS_FAILED -> "the DNS servers answer";
      case UNROUTABLE -> "the domain names hosts with addresses to which mail may go";
      case NETWORK -> "one of the hosts answers";
      case BUSY -> "other mail to the destination is done";
      case POLICY_UNCLEAR -> "the policy of the domain can be looked up";
      case STS_MX_MISMATCH -> "the domain names this host in its policy";
      case STARTTLS_MISSING -> "the host offers STARTTLS";
      case TLS_FAILED -> "the host completes a TLS handshake";
      case GATEWAY_LOGIN ->
          "the operator of this server and the gateway agree on a login, in verified TLS";
      case LOCAL -> "the operator of this server mends it; its log says more";
    };
  }

  /** Basic and enhanced code while the mail waits, for example {@code 450 4.7.5}. */
  public String queued() {
    return queuedReply + " " + queued;
  }

  /** Basic and enhanced code when the mail is given up, for example {@code 550 5.7.5}. */
  public String ultimate() {
    return finalReply + " " + ultimate;
  }
}
